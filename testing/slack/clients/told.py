"""What the stories in Python share: what they were given, and how they say what they have shown."""

import asyncio
import inspect
import json
import os
import sys
import traceback

HOUSE = json.loads(os.environ.get("MADANG_HOUSE", "{}"))


def tell(*stories):
    """Runs each story and prints a line for each, which the caller reads; says what broke."""
    failed = 0
    for story in stories:
        name = story.__name__.replace("_", " ")
        try:
            done = story()
            if inspect.isawaitable(done):
                asyncio.run(done)
            print(f"ok {name}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {name}\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)


def refused(error, code):
    """An error of the SDK that carries this code."""
    assert error.response["error"] == code, error.response.data
    return True
