"""Addresses of the stage before the sale."""

from django.urls import path

from crm.views import calling, calls, customers, incoming, inquiries, questionnaires, records, results, wishes

app_name = "crm"

urlpatterns = [
    path("customers/", customers.CustomerList.as_view(), name="customers"),
    path("customers/new/", customers.NewCustomer.as_view(), name="customer-new"),
    path("customers/<int:pk>/edit/", customers.EditCustomer.as_view(), name="customer-edit"),
    path("customers/<int:pk>/contacts/new/", customers.NewContact.as_view(), name="contact-new"),
    path("customers/<int:pk>/addresses/new/", customers.NewAddress.as_view(), name="address-new"),
    *customers.CustomerPage().urls("customers/"),
    path("contacts/<int:pk>/", customers.contact_page, name="contact"),
    path("contacts/<int:pk>/edit/", customers.EditContact.as_view(), name="contact-edit"),
    path("contacts/<int:pk>/wishes/", wishes.ContactWishes.as_view(), name="contact-wishes"),
    path("contacts/<int:pk>/try-again/", wishes.try_again, name="contact-try-again"),
    path("addresses/<int:pk>/edit/", customers.EditAddress.as_view(), name="address-edit"),
    path("records/<int:pk>/correct/", records.CorrectRecord.as_view(), name="record-correct"),
    path("inquiries/", inquiries.InquiryList.as_view(), name="inquiries"),
    path("inquiries/new/", inquiries.NewInquiry.as_view(), name="inquiry-new"),
    *inquiries.InquiryPage().urls("inquiries/"),
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaires"),
    path("questionnaires/new/", questionnaires.NewQuestionnaire.as_view(), name="questionnaire-new"),
    path("questionnaires/<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path("questionnaires/<int:pk>/edit/", questionnaires.EditQuestionnaire.as_view(), name="questionnaire-edit"),
    path("questionnaires/<int:pk>/do/<slug:action>/", questionnaires.act, name="questionnaire-act"),
    path("questionnaires/<int:pk>/results/", results.results, name="questionnaire-results"),
    path("questionnaires/<int:pk>/answers/", results.answers, name="questionnaire-answers"),
    path("questionnaires/<int:pk>/export/", results.export, name="questionnaire-export"),
    path("questions/<int:pk>/script/", questionnaires.EditScript.as_view(), name="questionnaire-script"),
    path("questions/<int:pk>/preview/", questionnaires.preview, name="questionnaire-preview"),
    path("questions/<int:pk>/new/", questionnaires.edit_question, name="question-new"),
    path("questions/<int:pk>/<int:question_pk>/", questionnaires.edit_question, name="question-edit"),
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("calls/campaign/", calls.NewCampaign.as_view(), name="call-campaign"),
    path("calls/<int:pk>/screen/", calling.screen, name="call-screen"),
    path("calls/<int:pk>/draft/", calling.draft, name="call-draft"),
    *calls.CallPage().urls("calls/"),
    path("incoming/", incoming.IncomingCallList.as_view(), name="incoming-calls"),
    path("incoming/number/", incoming.by_number, name="incoming-number"),
    path("incoming/<int:pk>/", incoming.incoming_call, name="incoming-call"),
    path("incoming/<int:pk>/dismiss/", incoming.dismiss, name="incoming-dismiss"),
    path("hooks/telephone/", incoming.hook, name="incoming-hook"),
]
