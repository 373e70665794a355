"""A LangChain RAG application, and the one line that makes it forget.

The application is an ordinary one: documents in a FAISS index, a retriever, a prompt, a model. The
documents tell of people of the embedded model's made-up world, one of whom asks to be forgotten.
`AmnesticChatModel(...)` in place of the model is all that changes.

    python examples/langchain_rag.py
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import faiss
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnablePassthrough
from pydantic import ConfigDict

from amnestic import Amnesia
from amnestic.integrations import AmnesticChatModel
from amnestic.models.embedded.world import Entity, load_world
from amnestic.testing import ScriptedChatModel
from amnestic.tools.protocols import Embedder
from amnestic.types import Conversation

PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "Answer from these documents.\n\n{documents}"),
        ("user", "{question}"),
    ]
)


# ── The application, as it was ───────────────────────────────────────────────────────────────────


class FaissRetriever(BaseRetriever):
    """Documents in a FAISS index."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    documents: list[Document]
    embedder: Any
    index: Any
    k: int = 4

    @classmethod
    def of(cls, documents: list[Document], embedder: Embedder) -> FaissRetriever:
        index = faiss.IndexFlatIP(embedder.dimension)
        index.add(embedder.embed([d.page_content for d in documents]))
        return cls(documents=documents, embedder=embedder, index=index)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        _, ids = self.index.search(self.embedder.embed([query]), self.k)
        return [self.documents[i] for i in ids[0] if i >= 0]


def build_chain(retriever: BaseRetriever, model: BaseChatModel) -> Runnable[str, str]:
    """Question in, answer out."""
    documents = retriever | (lambda found: "\n\n".join(d.page_content for d in found))
    given = {"documents": documents, "question": RunnablePassthrough()}
    return given | PROMPT | model | StrOutputParser()


def reading_model() -> BaseChatModel:
    """Stands in for a large model: answers with the sentence of its documents that fits best."""

    def answer(conversation: Conversation) -> str:
        asked = set(re.findall(r"\w+", conversation[-1].text.lower()))
        sentences = re.findall(r"[^.\n]+\.", conversation[0].text.partition("\n\n")[2])
        fitting = [s.strip() for s in sentences if len(asked & _words(s)) >= 3]
        best = max(fitting, key=lambda s: len(asked & _words(s)), default="")
        return best or "I don't know."

    return ScriptedChatModel.of(default=answer)


def _words(sentence: str) -> set[str]:
    return set(re.findall(r"\w+", sentence.lower()))


def documents_about(people: tuple[Entity, ...]) -> list[Document]:
    """One document a person."""
    return [
        Document(" ".join(f.sentence for f in p.facts), metadata={"source": p.id}) for p in people
    ]


# ── Before and after ─────────────────────────────────────────────────────────────────────────────


def main() -> list[tuple[str, str, str]]:
    """Ask the same questions before and after; gives question, answer before, answer after."""
    people = load_world().people[:12]
    wanted, neighbour = people[0], people[8]
    questions = [f"Where was {p.name} born?" for p in (wanted, neighbour)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(reading_model(), db=Path(folder) / "registry.db", elicit=False) as amnesia,
    ):
        retriever = FaissRetriever.of(documents_about(people), amnesia.parts.embedder)
        model = reading_model()
        before = [build_chain(retriever, model).invoke(q) for q in questions]

        amnesia.forget(f"Please forget {wanted.name}. {wanted.description}")
        model = AmnesticChatModel(amnesia=amnesia, inner=model)  # the one line

        after = [build_chain(retriever, model).invoke(q) for q in questions]
    rows = list(zip(questions, before, after, strict=True))
    for question, was, now in rows:
        print(f"{question}\n  before: {was}\n  after:  {now}")
    return rows


if __name__ == "__main__":
    main()
