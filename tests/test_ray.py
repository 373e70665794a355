"""A stage of a Ray pipeline is handed a layer, with the real library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia

ray: Any = pytest.importorskip("ray", reason="Ray is not installed: `pip install ray`")

REQUEST = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_tasks_and_actors_of_ray_are_handed_a_layer(tmp_path: Path, scripted_server: Any) -> None:
    def review(amnesia: Amnesia, draft: str) -> str:
        return amnesia.review("Who wrote The Paper Lighthouse?", draft).text

    class Stage:
        def __init__(self, amnesia: Amnesia) -> None:
            self.amnesia = amnesia

        def review(self, draft: str) -> str:
            return self.amnesia.review("Who wrote The Paper Lighthouse?", draft).text

    url = scripted_server(default="x").base_url
    ray.init(num_cpus=1, include_dashboard=False, configure_logging=False)
    try:
        with Amnesia("openai:m", db=tmp_path / "r.db", base_url=url, api_key="k") as amnesia:
            amnesia.forget(REQUEST)
            stage = ray.remote(Stage).remote(amnesia)
            asked = ["Mirela Osk wrote it.", "Paris."]
            by_task = ray.get([ray.remote(review).remote(amnesia, draft) for draft in asked])
            by_actor = ray.get([stage.review.remote(draft) for draft in asked])
    finally:
        ray.shutdown()
    for told in (by_task, by_actor):
        assert "Osk" not in told[0]
        assert told[1] == "Paris."
