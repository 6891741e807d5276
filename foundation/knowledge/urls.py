"""Addresses of the knowledge base and of training."""

from django.urls import path

from foundation.knowledge.views import courses, exams, reading, training, writing
from foundation.knowledge.views.articles import ArticleList, ArticlePage
from foundation.knowledge.views.courses import CourseList, CoursePage, SessionList, SessionPage

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", ArticleList.as_view(), name="articles"),
    path("knowledge/new/", writing.new_article, name="article-new"),
    path("knowledge/<int:pk>/words/", writing.write, name="article-words"),
    path("knowledge/<int:pk>/settings/", writing.settings, name="article-settings"),
    path("knowledge/<int:pk>/versions/", writing.versions, name="article-versions"),
    path("knowledge/<int:pk>/beside/", reading.beside, name="article-beside"),
    path("knowledge/<int:pk>/use/", reading.use, name="article-use"),
    path("knowledge/<int:pk>/helpful/", reading.verdict, name="article-verdict"),
    path("knowledge/<int:pk>/remark/", reading.remark, name="article-remark"),
    *ArticlePage().urls("knowledge/"),
    path("training/", training.mine, name="training"),
    path("training/overview/", training.overview, name="overview"),
    path("training/people/<int:pk>/", training.person, name="person"),
    path("training/people/<int:pk>/needs/<int:need_pk>/", training.judge, name="judge"),
    path("training/people/<int:pk>/levels/<int:level_pk>/", training.promote, name="promote"),
    path("training/courses/", CourseList.as_view(), name="courses"),
    path("training/courses/new/", courses.course_form, name="course-new"),
    path("training/courses/<int:pk>/edit/", courses.course_form, name="course-edit"),
    path("training/courses/<int:pk>/read/", courses.confirm_read, name="course-read"),
    path("training/courses/<int:pk>/plan/", courses.duty_form, name="duty-new"),
    path("training/courses/<int:pk>/plan/<int:duty_pk>/remove/", courses.duty_remove, name="duty-remove"),
    path("training/courses/<int:pk>/sessions/new/", courses.session_new, name="session-new"),
    path("training/courses/<int:pk>/test/", exams.build, name="exam-build"),
    path("training/courses/<int:pk>/test/begin/", exams.begin, name="exam-begin"),
    path("training/courses/<int:pk>/test/questions/new/", exams.question, name="question-new"),
    path("training/courses/<int:pk>/test/questions/<int:question_pk>/", exams.question, name="question-edit"),
    *CoursePage().urls("training/courses/"),
    path("training/sessions/", SessionList.as_view(), name="sessions"),
    path("training/sessions/<int:pk>/edit/", courses.session_edit, name="session-edit"),
    path("training/sessions/<int:pk>/attendance/", courses.attendance, name="attendance"),
    *SessionPage().urls("training/sessions/"),
    path("training/tests/<int:pk>/", exams.take, name="exam-take"),
    path("training/tests/<int:pk>/result/", exams.result, name="exam-result"),
]
