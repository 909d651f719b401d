"""Python slack_sdk: WebClient, WebhookClient and SignatureVerifier as people use them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen

from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.signature import SignatureVerifier

from told import HOUSE, refused, tell

API, CHANNEL = HOUSE["api"], HOUSE["channel"]
bot = WebClient(HOUSE["bot_token"], base_url=API)
person = WebClient(HOUSE["person_token"], base_url=API)


def says(client, code, method, **arguments):
    try:
        getattr(client, method)(**arguments)
    except SlackApiError as error:
        return refused(error, code)
    raise AssertionError(f"{method} should say {code}")


def a_bot_learns_who_it_is():
    assert bot.api_test(foo="bar")["args"]["foo"] == "bar"
    me = bot.auth_test()
    assert me["user_id"] == HOUSE["bot_user_id"] and me["bot_id"].startswith("B") and me["team_id"].startswith("T")
    assert me["url"] + "api/" == API
    assert "chat:write" in me.headers["x-oauth-scopes"]
    assert bot.team_info()["team"]["id"] == me["team_id"]
    assert bot.bots_info(bot=me["bot_id"])["bot"]["app_id"] == HOUSE["app_id"]


def a_message_is_posted_changed_answered_and_taken_away():
    blocks = [SectionBlock(text="*제목* & <끝>"), ActionsBlock(elements=[ButtonElement(text="눌러", action_id="a", value="1")])]
    posted = bot.chat_postMessage(channel=CHANNEL, text="첫째 &amp; 둘째", blocks=blocks)
    ts = posted["ts"]
    assert posted["channel"] == CHANNEL and posted["message"]["blocks"][1]["block_id"]
    reply = bot.chat_postMessage(channel=CHANNEL, text="답", thread_ts=ts, reply_broadcast=True)
    assert reply["message"]["thread_ts"] == ts
    assert bot.chat_update(channel=CHANNEL, ts=ts, text="고쳤어요")["text"] == "고쳤어요"
    thread = bot.conversations_replies(channel=CHANNEL, ts=ts)["messages"]
    assert [it["text"] for it in thread] == ["고쳤어요", "답"] and thread[0]["reply_count"] == 1
    assert thread[0]["blocks"], "blocks that were left out of an update stay"
    link = bot.chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert link.startswith("http")
    bot.chat_delete(channel=CHANNEL, ts=reply["ts"])
    assert says(bot, "message_not_found", "chat_update", channel=CHANNEL, ts="1.000001", text="x")
    assert says(person, "cant_update_message", "chat_update", channel=CHANNEL, ts=ts, text="not mine")
    assert says(bot, "no_text", "chat_postMessage", channel=CHANNEL)
    assert says(bot, "channel_not_found", "chat_postMessage", channel="C0NOTHERE", text="x")


def history_is_read_page_by_page():
    texts = [f"쪽 {number}" for number in range(25)]
    stamps = [bot.chat_postMessage(channel=CHANNEL, text=text)["ts"] for text in texts]
    assert stamps == sorted(stamps) and len(set(stamps)) == 25
    found = []
    for page in bot.conversations_history(channel=CHANNEL, oldest=stamps[0], inclusive=True, limit=10):
        found += [it["text"] for it in page["messages"]]
    assert found == texts[::-1], found
    latest = bot.conversations_history(channel=CHANNEL, latest=stamps[3], oldest=stamps[1])["messages"]
    assert [it["ts"] for it in latest] == [stamps[2]], "the ends are not within"
    assert says(bot, "invalid_cursor", "conversations_history", channel=CHANNEL, cursor="not one")


def reactions_and_pins_come_and_go():
    ts = bot.chat_postMessage(channel=CHANNEL, text="좋아요?")["ts"]
    bot.reactions_add(channel=CHANNEL, timestamp=ts, name="thumbsup")
    assert says(bot, "already_reacted", "reactions_add", channel=CHANNEL, timestamp=ts, name="thumbsup")
    person.reactions_add(channel=CHANNEL, timestamp=ts, name="tada")
    message = bot.reactions_get(channel=CHANNEL, timestamp=ts)["message"]
    assert {it["name"]: it["count"] for it in message["reactions"]} in ({"thumbsup": 1, "tada": 1}, {"+1": 1, "tada": 1})
    bot.reactions_remove(channel=CHANNEL, timestamp=ts, name="thumbsup")
    assert says(bot, "no_reaction", "reactions_remove", channel=CHANNEL, timestamp=ts, name="thumbsup")
    bot.pins_add(channel=CHANNEL, timestamp=ts)
    assert ts in [it["message"]["ts"] for it in bot.pins_list(channel=CHANNEL)["items"]]
    bot.pins_remove(channel=CHANNEL, timestamp=ts)
    reacted = person.reactions_list(user=HOUSE["person_id"], limit=1)
    assert reacted["items"][0]["message"]["ts"] == ts, reacted
    assert says(bot, "user_not_found", "reactions_list", user="U0NOTHERE")


def links_stand_above_a_conversation():
    made = bot.bookmarks_add(channel_id=CHANNEL, title="계획", type="link", link="https://example.com/plan", emoji=":tada:")["bookmark"]
    assert made["id"].startswith("Bk") and made["channel_id"] == CHANNEL and made["emoji"] == ":tada:"
    changed = person.bookmarks_edit(bookmark_id=made["id"], channel_id=CHANNEL, title="새 계획")["bookmark"]
    assert changed["title"] == "새 계획" and changed["link"] == made["link"]
    assert made["id"] in [it["id"] for it in bot.bookmarks_list(channel_id=CHANNEL)["bookmarks"]]
    bot.bookmarks_remove(bookmark_id=made["id"], channel_id=CHANNEL)
    assert says(bot, "not_found", "bookmarks_remove", bookmark_id=made["id"], channel_id=CHANNEL)
    assert says(bot, "invalid_link", "bookmarks_add", channel_id=CHANNEL, title="x", type="link", link="javascript:1")


def somebody_reminds_themselves():
    made = person.reminders_add(text="물 마시기", time="in 20 minutes")["reminder"]
    assert made["user"] == HOUSE["person_id"] and made["complete_ts"] == 0 and not made["recurring"]
    assert made["id"] in [it["id"] for it in person.reminders_list()["reminders"]]
    person.reminders_complete(reminder=made["id"])
    assert person.reminders_info(reminder=made["id"])["reminder"]["complete_ts"] > 0
    person.reminders_delete(reminder=made["id"])
    assert says(person, "not_found", "reminders_info", reminder=made["id"])
    assert says(person, "cannot_parse", "reminders_add", text="x", time="every Thursday")
    assert says(person, "cannot_add_others", "reminders_add", text="x", time="20", user=HOUSE["bot_user_id"])
    notes = person.conversations_open(users=[HOUSE["person_id"]])["channel"]["id"]
    assert person.chat_postMessage(channel=HOUSE["person_id"], text="나에게")["channel"] == notes


def nobody_disturbs_whoever_snoozes():
    snoozed = person.dnd_setSnooze(num_minutes=30)
    assert snoozed["snooze_enabled"] and 0 < snoozed["snooze_remaining"] <= 1800
    assert person.dnd_info()["snooze_enabled"]
    assert not person.dnd_teamInfo(users=[HOUSE["bot_user_id"]])["users"][HOUSE["bot_user_id"]]["dnd_enabled"]
    assert not person.dnd_endSnooze()["snooze_enabled"]
    assert says(person, "snooze_not_active", "dnd_endSnooze")
    person.dnd_endDnd()
    person.users_setPresence(presence="auto")


def files_go_up_and_come_down():
    content = "날짜,누가\n월,나리\n"
    up = bot.files_upload_v2(channel=CHANNEL, filename="표.csv", title="표", content=content, initial_comment="여기 있어요")
    file = up["file"]
    assert file["id"].startswith("F") and file["title"] == "표"
    asked = Request(file["url_private_download"], headers={"Authorization": f"Bearer {bot.token}"})
    with urlopen(asked, timeout=10) as answer:
        assert answer.read().decode() == content
    assert bot.files_info(file=file["id"])["file"]["size"] == len(content.encode())
    assert file["id"] in [it["id"] for it in bot.files_list(channel=CHANNEL)["files"]]
    assert file["id"] in [it["id"] for it in person.files_list(types="snippets", count=5)["files"]]
    message = bot.conversations_history(channel=CHANNEL, limit=1)["messages"][0]
    assert message["text"] == "여기 있어요" and message["files"][0]["id"] == file["id"]
    many = bot.files_upload_v2(channel=CHANNEL, file_uploads=[{"content": "1", "filename": "a"}, {"content": "2", "filename": "b"}])
    assert len(many["files"]) == 2
    bot.files_delete(file=file["id"])
    assert says(bot, "file_not_found", "files_info", file="F0NOTHERE")


def spaces_and_people_are_found():
    listed = [it["id"] for page in bot.conversations_list(limit=1, types="public_channel,private_channel") for it in page["channels"]]
    assert CHANNEL in listed and len(listed) == len(set(listed))
    info = bot.conversations_info(channel=CHANNEL, include_num_members=True)["channel"]
    assert info["is_member"] and not info["is_private"] and info["name"]
    members = [it for page in bot.conversations_members(channel=CHANNEL, limit=1) for it in page["members"]]
    assert HOUSE["bot_user_id"] in members and HOUSE["person_id"] in members
    everybody = {it["id"]: it for page in bot.users_list(limit=2) for it in page["members"]}
    assert everybody[HOUSE["bot_user_id"]]["is_bot"] and not everybody[HOUSE["person_id"]]["is_bot"]
    assert bot.users_info(user=HOUSE["person_id"])["user"]["profile"]["real_name"] == HOUSE["person_name"]
    assert bot.users_lookupByEmail(email=HOUSE["person_email"])["user"]["id"] == HOUSE["person_id"]
    assert says(bot, "users_not_found", "users_lookupByEmail", email="nobody@example.com")
    direct = bot.conversations_open(users=[HOUSE["person_id"]])["channel"]["id"]
    assert direct.startswith("D") and bot.conversations_open(users=HOUSE["person_id"])["channel"]["id"] == direct
    bot.chat_postMessage(channel=HOUSE["person_id"], text="곧장")
    assert person.conversations_history(channel=direct, limit=1)["messages"][0]["text"] == "곧장"
    made = bot.conversations_create(name="sdk-room", is_private=True)["channel"]["id"]
    bot.conversations_invite(channel=made, users=[HOUSE["person_id"]])
    bot.conversations_setTopic(channel=made, topic="이야기")
    bot.conversations_rename(channel=made, name="sdk-room-2")
    bot.conversations_kick(channel=made, user=HOUSE["person_id"])
    assert says(person, "channel_not_found", "conversations_history", channel=made)
    bot.conversations_archive(channel=made)
    assert says(bot, "is_archived", "chat_postMessage", channel=made, text="x")


def later_and_in_confidence():
    import time

    at = int(time.time()) + 3600
    blocks = [SectionBlock(text="*나중에*", block_id="later")]
    later = bot.chat_scheduleMessage(channel=CHANNEL, text="나중에", blocks=blocks, post_at=at)
    assert later["message"]["blocks"][0]["block_id"] == "later"
    listed = bot.chat_scheduledMessages_list(channel=CHANNEL)["scheduled_messages"]
    assert [(it["id"], it["post_at"]) for it in listed] == [(later["scheduled_message_id"], at)]
    bot.chat_deleteScheduledMessage(channel=CHANNEL, scheduled_message_id=later["scheduled_message_id"])
    assert bot.chat_scheduledMessages_list(channel=CHANNEL)["scheduled_messages"] == []
    assert says(bot, "time_in_past", "chat_scheduleMessage", channel=CHANNEL, text="x", post_at=at - 7200)
    said = bot.chat_postEphemeral(channel=CHANNEL, user=HOUSE["person_id"], text="너만")
    assert said["message_ts"]
    assert bot.conversations_history(channel=CHANNEL, limit=1)["messages"][0]["text"] != "너만"


def what_is_wrong_is_said_as_slack_says_it():
    assert says(bot, "unknown_method", "api_call", api_method="nobody.knowsThis")
    assert says(WebClient("xoxb-not-a-token", base_url=API), "invalid_auth", "auth_test")
    assert says(WebClient(base_url=API), "not_authed", "auth_test")
    assert says(bot, "not_allowed_token_type", "search_messages", query="x")
    assert says(bot, "invalid_blocks", "chat_postMessage", channel=CHANNEL, text="x", blocks=[{"type": "no such block"}])
    assert says(bot, "not_allowed_token_type", "apps_connections_open", app_token=HOUSE["bot_token"])
    small = WebClient(HOUSE["small_token"], base_url=API)
    try:
        small.conversations_history(channel=CHANNEL)
        raise AssertionError("it has no such scope")
    except SlackApiError as error:
        refused(error, "missing_scope")
        assert "channels:history" in error.response["needed"] and "chat:write" in error.response["provided"]


def a_webhook_takes_what_its_client_sends():
    hook = WebhookClient(HOUSE["webhook"])
    answer = hook.send(text="경보", attachments=[{"color": "#ff0000", "title": "디스크", "text": "가득 찼다", "ts": 1735689600.5}])
    assert (answer.status_code, answer.body) == (200, "ok"), (answer.status_code, answer.body)
    message = bot.conversations_history(channel=CHANNEL, limit=1)["messages"][0]
    assert message["text"] == "경보" and message["attachments"][0]["title"] == "디스크" and message["bot_id"]
    empty = hook.send(text="")
    assert empty.status_code == 400 and empty.body == "no_text", (empty.status_code, empty.body)
    gone = WebhookClient(HOUSE["webhook"][:-4] + "AAAA").send(text="x")
    assert gone.status_code in (403, 404), (gone.status_code, gone.body)


def what_comes_by_http_is_signed():
    verifier, seen, done = SignatureVerifier(HOUSE["signing_secret"]), [], threading.Event()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append((verifier.is_valid_request(body, headers), headers, body))
            asked = json.loads(body)
            if asked["type"] == "url_verification":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(asked["challenge"].encode())
                return
            first = len([it for it in seen if b"event_callback" in it[2]]) == 1
            self.send_response(500 if first else 200)
            self.end_headers()
            if len([it for it in seen if b"event_callback" in it[2]]) == 2:
                done.set()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", HOUSE["port"]), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    person.chat_postMessage(channel=CHANNEL, text=f"<@{HOUSE['signed_bot_user_id']}> 서명")
    assert done.wait(30), seen
    server.shutdown()
    assert all(valid for valid, _, _ in seen), seen
    first, again = [it for it in seen if b"event_callback" in it[2]][:2]
    assert again[1]["x-slack-retry-num"] == "1" and again[1]["x-slack-retry-reason"] == "http_error"
    assert first[2] == again[2], "the same event with the same id"


tell(
    a_bot_learns_who_it_is,
    a_message_is_posted_changed_answered_and_taken_away,
    history_is_read_page_by_page,
    reactions_and_pins_come_and_go,
    links_stand_above_a_conversation,
    somebody_reminds_themselves,
    nobody_disturbs_whoever_snoozes,
    files_go_up_and_come_down,
    spaces_and_people_are_found,
    later_and_in_confidence,
    what_is_wrong_is_said_as_slack_says_it,
    a_webhook_takes_what_its_client_sends,
    what_comes_by_http_is_signed,
)
