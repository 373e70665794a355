"""LiteLLM's generic guardrail, as its proxy calls it: `python litellm_guardrail.py URL KEY`.

Says, as JSON lines, what it is given for each of the inputs that it reads as JSON lines.
"""

import asyncio
import json
import sys
from types import SimpleNamespace

from litellm.exceptions import GuardrailRaisedException
from litellm.proxy.guardrails.guardrail_hooks.generic_guardrail_api.generic_guardrail_api import (
    GenericGuardrailAPI,
)


async def main() -> None:
    guard = GenericGuardrailAPI(api_base=sys.argv[1], api_key=sys.argv[2], guardrail_name="g",
                                event_hook=["pre_call", "post_call"])  # fmt: skip
    for line in sys.stdin:
        asked = json.loads(line)
        call = SimpleNamespace(litellm_call_id=asked.pop("call"), litellm_trace_id=None,
                               model_call_details={})  # fmt: skip
        kind = asked.pop("kind")
        try:
            told = await guard.apply_guardrail(
                inputs=asked, request_data={}, input_type=kind, logging_obj=call
            )
        except GuardrailRaisedException as blocked:
            told = {"blocked": str(blocked)}
        print(json.dumps(told), flush=True)


asyncio.run(main())
