"""What people know, learn and can prove."""

from foundation.knowledge.models.articles import Article, ArticleVersion, Situation, Use, Verdict, all_situations
from foundation.knowledge.models.career import Assessment, Level, LevelNeed, Standing
from foundation.knowledge.models.exams import Attempt, Certificate, Exam, ExamOption, ExamQuestion, Result
from foundation.knowledge.models.policy import KnowledgePolicy
from foundation.knowledge.models.training import Attendance, Course, Duty, Errand, Session

__all__ = [
    "Article",
    "ArticleVersion",
    "Assessment",
    "Attempt",
    "Attendance",
    "Certificate",
    "Course",
    "Duty",
    "Errand",
    "Exam",
    "ExamOption",
    "ExamQuestion",
    "KnowledgePolicy",
    "Level",
    "LevelNeed",
    "Result",
    "Session",
    "Situation",
    "Standing",
    "Use",
    "Verdict",
    "all_situations",
]
