"""A bot as Bolt for Python has it, by HTTP (PORT) or by Socket Mode. It does what `bots.mjs` tells of every bot."""

import os

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

client = WebClient(os.environ["BOT_TOKEN"], base_url=os.environ["API"])
app = App(client=client, signing_secret=os.environ["SIGNING_SECRET"])


@app.event("app_mention")
def mentioned(event, say):
    say(
        thread_ts=event["ts"],
        text=f"안녕하세요 <@{event['user']}>",
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*안녕하세요* <@{event['user']}>"}},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "action_id": "approve", "value": "42", "text": {"type": "plain_text", "text": "승인"}}
                ],
            },
        ],
    )


@app.action("approve")
def approved(ack, action, body, client, respond):
    ack()
    text = f"승인됨: {action['value']}"
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=text, blocks=[])
    respond(text="기록했어요", response_type="ephemeral", replace_original=False)


@app.command(os.environ["COMMAND"])
def commanded(ack, command, client, respond):
    if command["text"] != "form":
        ack(f"받았어요: {command['text']}")
        respond(response_type="in_channel", text=f"시작합니다: {command['text']}")
        return
    ack()
    plain = lambda text: {"type": "plain_text", "text": text}  # noqa: E731
    client.views_open(
        trigger_id=command["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "deploy",
            "private_metadata": command["channel_id"],
            "title": plain("배포"),
            "submit": plain("보내기"),
            "blocks": [
                {
                    "type": "input",
                    "block_id": "where",
                    "label": plain("어디에"),
                    "element": {"type": "plain_text_input", "action_id": "env"},
                },
                {
                    "type": "input",
                    "block_id": "city",
                    "optional": True,
                    "label": plain("도시"),
                    "element": {"type": "external_select", "action_id": "city", "min_query_length": 0},
                },
            ],
        },
    )


@app.options("city")
def cities(ack, payload):
    found = [it for it in ["Seoul", "Busan", "Sokcho"] if (payload.get("value") or "") in it]
    ack(options=[{"text": {"type": "plain_text", "text": it}, "value": it.lower()} for it in found])


@app.view("deploy")
def submitted(ack, view, client):
    values = view["state"]["values"]
    where = values["where"]["env"]["value"]
    if where == "nowhere":
        return ack(response_action="errors", errors={"where": "그런 곳은 없어요"})
    ack()
    chosen = (values.get("city", {}).get("city", {}) or {}).get("selected_option") or {}
    text = f"배포했어요: {where} {chosen.get('value', '-')}"
    client.chat_postMessage(channel=view["private_metadata"], text=text)


@app.shortcut("note")
def noted(ack, shortcut, client):
    ack()
    message = shortcut["message"]
    text = f"적었어요: {message['text']}"
    client.chat_postMessage(channel=shortcut["channel"]["id"], thread_ts=message["ts"], text=text)


@app.event("app_home_opened")
def at_home(event, client):
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*집*입니다"}}
    client.views_publish(user_id=event["user"], view={"type": "home", "callback_id": "home", "blocks": [section]})


@app.message("물결")
def waved(message, client):
    client.reactions_add(channel=message["channel"], timestamp=message["ts"], name="wave")


if os.environ.get("PORT"):
    print("ready", flush=True)
    app.start(int(os.environ["PORT"]), path="/slack/events")
else:
    handler = SocketModeHandler(app, os.environ["APP_TOKEN"])
    handler.connect()
    print("ready", flush=True)
    import threading

    threading.Event().wait()
