"""The Model Context Protocol by its official client for Python: as it was, and as it is."""

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from told import HOUSE, tell


async def uses(mode, text):
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {HOUSE['native_token']}"})
    async with Client(streamable_http_client(f"{HOUSE['origin']}/mcp", http_client=http), mode=mode) as client:
        tools = {it.name: it for it in (await client.list_tools()).tools}
        assert tools["search"].annotations.read_only_hint and not tools["post_message"].annotations.read_only_hint
        me = await client.call_tool("whoami", {})
        assert me.structured_content["me"]["name"] == HOUSE["person_name"]
        posted = await client.call_tool("post_message", {"space": HOUSE["space"], "text": text})
        read = await client.call_tool("read_history", {"space": HOUSE["space"], "limit": 1})
        last = read.structured_content["messages"][-1]
        assert (last["text"], last["seq"]) == (text, posted.structured_content["seq"])
        refused = await client.call_tool("read_history", {"space": "nobody's"})
        assert refused.is_error and refused.content[0].text.startswith("not_found: ")
    await http.aclose()


async def an_agent_takes_part_without_a_handshake():
    await uses("auto", "악수 없이")


async def an_agent_takes_part_as_before_2026():
    await uses("legacy", "악수하고")


async def an_agent_sees_what_its_token_was_made_for():
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {HOUSE['agent_token']}"})
    async with Client(streamable_http_client(f"{HOUSE['origin']}/mcp", http_client=http), mode="auto") as client:
        names = {it.name for it in (await client.list_tools()).tools}
        assert "read_history" in names and "post_message" not in names, names
        refused = await client.call_tool("post_message", {"space": HOUSE["space"], "text": "안 돼요"})
        assert refused.is_error and refused.content[0].text.startswith("missing_scope: ")
    await http.aclose()


tell(an_agent_takes_part_without_a_handshake, an_agent_takes_part_as_before_2026, an_agent_sees_what_its_token_was_made_for)
