"""Python slack_sdk: the asynchronous client, its webhook, and the three clients of Socket Mode."""

import asyncio

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient as AiohttpClient
from slack_sdk.socket_mode.builtin import SocketModeClient as BuiltinClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websockets import SocketModeClient as WebsocketsClient
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from told import HOUSE, refused, tell

API, CHANNEL = HOUSE["api"], HOUSE["channel"]


def client(token="bot_token"):
    return AsyncWebClient(HOUSE[token], base_url=API)


async def arguments_come_in_the_query_and_in_json():
    bot = client()
    assert (await bot.auth_test())["user_id"] == HOUSE["bot_user_id"]
    ts = (await bot.chat_postMessage(channel=CHANNEL, text="비동기"))["ts"]
    await bot.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    texts = []
    async for page in await bot.conversations_history(channel=CHANNEL, oldest=ts, inclusive=True, limit=1):
        texts += [it["text"] for it in page["messages"]]
    assert texts == ["비동기"]
    await bot.chat_update(channel=CHANNEL, ts=ts, text="고침")
    try:
        await bot.api_call("nobody.knowsThis")
        raise AssertionError("nobody knows it")
    except SlackApiError as error:
        refused(error, "unknown_method")


async def files_go_up_in_parts_of_their_own():
    up = await client().files_upload_v2(channel=CHANNEL, filename="a.txt", content="가나다", title="글")
    assert up["file"]["title"] == "글"


async def many_posts_at_once_have_stamps_of_their_own():
    bot = client()
    posted = await asyncio.gather(*[bot.chat_postMessage(channel=CHANNEL, text=f"n {it}") for it in range(30)])
    assert len({it["ts"] for it in posted}) == 30


async def a_webhook_says_ok():
    answer = await AsyncWebhookClient(HOUSE["webhook"]).send(text="비동기로")
    assert (answer.status_code, answer.body) == (200, "ok")


async def hears(make):
    """A client of Socket Mode hears a mention, acknowledges it, and hears it once."""
    heard, done = [], asyncio.Event()
    mode = make()

    async def listener(mode, request):
        await mode.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        if request.type == "events_api" and request.payload["event"]["type"] == "app_mention":
            heard.append(request)
            done.set()

    mode.socket_mode_request_listeners.append(listener)
    await mode.connect()
    await asyncio.wait_for(connected(mode), 20)
    asked = await client("person_token").chat_postMessage(channel=CHANNEL, text=f"<@{HOUSE['socket_bot_user_id']}> 들려?")
    await asyncio.wait_for(done.wait(), 20)
    await mode.disconnect()
    await mode.close()
    event = heard[0].payload
    assert event["event"]["ts"] == asked["ts"] and event["event"]["user"] == HOUSE["person_id"]
    assert event["api_app_id"] == HOUSE["socket_app_id"] and event["authorizations"][0]["is_bot"]
    assert len([it for it in heard if it.payload["event_id"] == event["event_id"]]) == 1


async def connected(mode):
    while not await mode.is_connected():
        await asyncio.sleep(0.05)


async def socket_mode_speaks_with_aiohttp():
    await hears(lambda: AiohttpClient(app_token=HOUSE["socket_app_token"], web_client=client("socket_bot_token")))


async def socket_mode_speaks_with_websockets():
    await hears(lambda: WebsocketsClient(app_token=HOUSE["socket_app_token"], web_client=client("socket_bot_token")))


def socket_mode_speaks_with_the_client_that_is_built_in():
    import threading

    heard, done = [], threading.Event()
    web = WebClient(HOUSE["socket_bot_token"], base_url=API)
    mode = BuiltinClient(app_token=HOUSE["socket_app_token"], web_client=web)

    def listener(mode, request):
        mode.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        if request.type == "events_api" and request.payload["event"]["type"] == "app_mention":
            heard.append(request.payload)
            done.set()

    mode.socket_mode_request_listeners.append(listener)
    mode.connect()
    text = f"<@{HOUSE['socket_bot_user_id']}> 그리고?"
    WebClient(HOUSE["person_token"], base_url=API).chat_postMessage(channel=CHANNEL, text=text)
    assert done.wait(20)
    mode.close()
    assert heard[0]["event"]["text"] == text, heard[0]


tell(
    arguments_come_in_the_query_and_in_json,
    files_go_up_in_parts_of_their_own,
    many_posts_at_once_have_stamps_of_their_own,
    a_webhook_says_ok,
    socket_mode_speaks_with_aiohttp,
    socket_mode_speaks_with_websockets,
    socket_mode_speaks_with_the_client_that_is_built_in,
)
