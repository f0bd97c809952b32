from django.urls import path

from review.views import answers, assigning, deciding, public, questions, queue, splitting

app_name = "review"
urlpatterns = [
    path("review/", queue.queue_page, name="queue"),
    path("review/bulk/", deciding.bulk, name="bulk"),
    path("review/undo/<int:pk>/", deciding.undo, name="undo"),
    path("review/<int:pk>/", queue.finding, name="finding"),
    path("review/<int:pk>/accept/", deciding.accept, name="accept"),
    path("review/<int:pk>/accept-alike/", deciding.accept_alike, name="accept_alike"),
    path("review/<int:pk>/correct/", deciding.correct, name="correct"),
    path("review/<int:pk>/keep/", deciding.keep, name="keep"),
    path("review/<int:pk>/unknown/", deciding.unknown, name="unknown"),
    path("review/<int:pk>/clear/", deciding.clear, name="clear"),
    path("review/<int:pk>/ask/", deciding.ask, name="ask"),
    path("review/<int:pk>/left/", deciding.left, name="left"),
    path("review/<int:pk>/split/", splitting.split_page, name="split"),
    path("review/assign/", assigning.assign, name="assign"),
    path("review/questions/", questions.questions_page, name="questions"),
    path("review/questions/<int:pk>/withdraw/", questions.withdraw, name="withdraw"),
    path("review/questions/<int:pk>/send/", questions.send_questions, name="send_questions"),
    path("review/questions/<int:pk>/revoke/", questions.revoke_link, name="revoke_link"),
    path("review/contacts/<int:pk>/ask/", questions.ask_contact, name="ask_contact"),
    path("review/answers/", answers.answers_page, name="answers"),
    path("review/answers/bulk/", answers.bulk, name="answers_bulk"),
    path("review/answers/<int:pk>/", answers.answer, name="answer"),
    path("review/answers/<int:pk>/take/", answers.take, name="answer_take"),
    path("review/answers/<int:pk>/refuse/", answers.refuse, name="answer_refuse"),
    path("questions/<str:token>/", public.reply, name="reply"),
    path("questions/<str:token>/done/", public.reply_done, name="reply_done"),
    path("questions/<str:token>/<int:pk>/", public.reply_answer, name="reply_answer"),
    path("questions/<str:token>/<int:pk>/try/", public.reply_try, name="reply_try"),
    path("confirm/<str:token>/", public.confirm, name="confirm"),
]
