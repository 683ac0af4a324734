"""The questions: one .py and one .cypher file each, and how answers are rendered."""

from newsgraph.queries.answer import Answer, Column
from newsgraph.queries.question import Question, ask, question, questions

__all__ = ["Answer", "Column", "Question", "ask", "question", "questions"]
