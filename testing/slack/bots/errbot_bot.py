"""Errbot with its backend for Slack (slackv3) by Socket Mode. The backend has no setting for the base URL, so the client
of the Web API that it makes is given one; everything else is as it comes."""

import importlib.util
import logging
import os
import sys
import tempfile
from pathlib import Path

import slack_sdk.web
from errbot.bootstrap import setup_bot
from errbot.logs import root_logger



class Here(slack_sdk.web.WebClient):
    BASE_URL = os.environ["API"]

    def __init__(self, *given, **named):
        super().__init__(*given, **{"base_url": self.BASE_URL, **named})


# Before the backend is loaded, which takes it from here.
slack_sdk.WebClient = slack_sdk.web.WebClient = slack_sdk.web.client.WebClient = Here


class Config:
    BACKEND = "SlackV3"
    BOT_EXTRA_BACKEND_DIR = str(Path(importlib.util.find_spec("slackv3").origin).parent)
    BOT_DATA_DIR = tempfile.mkdtemp(prefix="errbot-")
    BOT_EXTRA_PLUGIN_DIR = str(Path(__file__).parent / "errbot_plugins")
    BOT_LOG_FILE = None
    BOT_LOG_LEVEL = logging.INFO
    BOT_LOG_SENTRY = False
    BOT_IDENTITY = {"token": os.environ["BOT_TOKEN"], "app_token": os.environ["APP_TOKEN"]}
    BOT_ADMINS = ("@nari",)
    BOT_PREFIX = "!"
    CORE_PLUGINS = ("ACLs", "Help", "Utils")
    TEXT_COLOR_THEME = "light"


class SaysReady(logging.Handler):
    """It says in its log when it is connected and its commands are known."""

    def emit(self, record):
        line = record.getMessage()
        if "Plugin activation done" in line:
            print("ready", flush=True)


logging.basicConfig(level=logging.INFO, stream=sys.stderr)
root_logger.addHandler(SaysReady())
setup_bot(Config.BACKEND, root_logger, Config).serve_forever()
