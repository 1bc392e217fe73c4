"""Write `src/pages/selectors.json` from the page objects in Python: selectors have one source.

Run it after a change of `mock_okta_harness/pages/selectors`; a test says so.
"""

import json
from dataclasses import asdict
from pathlib import Path

from mock_okta_harness import pages
from mock_okta_harness.pages import identity
from mock_okta_harness.pages.factors import _VerifyFactor
from mock_okta_harness.pages.identity.choosing import InAList, rows_of
from mock_okta_harness.pages.identity.screen import IdentityScreen
from mock_okta_harness.pages.screen import Screen
from mock_okta_harness.pages.selectors.classic import FACTOR_MENU, WIDGETS, shown_screen
from mock_okta_harness.pages.selectors.identity import (
    SECOND_GENERATION,
    THIRD_GENERATION,
    THIRD_GENERATION_IS_THERE,
    WIDGET_IS_THERE,
)

TARGET = Path(__file__).parent / "src" / "pages" / "selectors.json"


def selectors() -> str:
    """Return the document."""
    classic = {
        name: one
        for name in pages.__all__
        if isinstance(one := getattr(pages, name), type)
        and issubclass(one, Screen)
        and hasattr(one, "controller")
    }
    screens = {
        name: one
        for name in identity.__all__
        if isinstance(one := getattr(identity, name), type)
        and issubclass(one, IdentityScreen)
        and hasattr(one, "shown_by")
    }
    document = {
        "classic": {
            "releases": {number: asdict(one) for number, one in WIDGETS.items()},
            "factorMenu": FACTOR_MENU,
            "screens": {name: _classic(one) for name, one in classic.items()},
        },
        "identity": {
            "isThere": WIDGET_IS_THERE,
            "thirdIsThere": THIRD_GENERATION_IS_THERE,
            "generations": {
                str(one.generation): asdict(one) for one in (SECOND_GENERATION, THIRD_GENERATION)
            },
            "screens": {
                name: {
                    "2": one.shown_by.second,
                    "3": one.shown_by.third,
                    "rows": rows_of(one) if issubclass(one, InAList) else (),
                }
                for name, one in screens.items()
            },
        },
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _classic(screen: type[Screen[object]]) -> dict[str, str]:
    if issubclass(screen, _VerifyFactor):
        return {"shownAs": screen.factor.screen, "menuItem": screen.factor.menu_item}
    return {"shownAs": shown_screen(screen.controller), "menuItem": ""}


if __name__ == "__main__":
    TARGET.write_text(selectors(), encoding="utf-8")
