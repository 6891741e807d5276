"""What the stage after the sale remembers."""

from aftersales.models.policy import AfterSalesPolicy
from aftersales.models.solutions import Solution
from aftersales.models.surveys import Survey, SurveyAnswer, SurveyQuestion
from aftersales.models.tickets import Ticket

__all__ = ["AfterSalesPolicy", "Solution", "Survey", "SurveyAnswer", "SurveyQuestion", "Ticket"]
