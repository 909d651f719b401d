"""Apprise: a finished program that tells, by a webhook and by a bot. Its addresses are constants of its class."""

import tempfile

import apprise
from apprise.plugins.slack import NotifySlack
from slack_sdk import WebClient

from told import HOUSE, tell

bot = WebClient(HOUSE["bot_token"], base_url=HOUSE["api"])
NotifySlack.api_url = HOUSE["api"] + "{}"
NotifySlack.webhook_url = HOUSE["origin"] + "/services"


def last():
    return bot.conversations_history(channel=HOUSE["channel"], limit=1)["messages"][0]


def apprise_tells_by_a_webhook():
    team, hook, secret = HOUSE["webhook"].rsplit("/", 3)[1:]
    told = apprise.Apprise()
    assert told.add(f"slack://{team}/{hook}/{secret}/")
    assert told.notify(title="백업", body="다 됐어요")
    message = last()
    assert "다 됐어요" in str(message) and message["bot_id"], message


def apprise_tells_as_a_bot_with_a_file():
    told = apprise.Apprise()
    assert told.add(f"slack://{HOUSE['bot_token']}/{HOUSE['channel']}/")
    assert told.notify(title="보고", body="첨부합니다")
    assert "첨부합니다" in str(last()), last()
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write("기록".encode())
        file.flush()
        assert told.notify(body="파일과 함께", attach=file.name)
    assert last()["files"][0]["size"] == len("기록".encode()), last()


tell(apprise_tells_by_a_webhook, apprise_tells_as_a_bot_with_a_file)
