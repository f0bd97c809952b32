from django.urls import path

from erp.views import conflicts, imports, matching, previewing, uploading, write_back

app_name = "erp"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", uploading.upload, name="upload"),
    path("imports/example.csv", uploading.example, name="example"),
    path("imports/<int:pk>/", imports.import_page, name="import"),
    path("imports/<int:pk>/match/", matching.match, name="match"),
    path("imports/<int:pk>/match/<int:file>/", matching.rematch, name="rematch"),
    path("imports/<int:pk>/preview/", previewing.preview, name="preview"),
    path("imports/<int:pk>/apply/", previewing.apply, name="apply"),
    path("imports/<int:pk>/discard/", previewing.discard, name="discard"),
    path("imports/<int:pk>/progress/", imports.progress, name="progress"),
    path("imports/<int:pk>/stop/", imports.stop, name="stop"),
    path("imports/<int:pk>/go-on/", imports.go_on, name="go_on"),
    path("imports/<int:pk>/undo/", imports.undo, name="undo"),
    path("imports/<int:pk>/conflicts/", conflicts.of_import, name="conflicts"),
    path("imports/<int:pk>/<int:file>/rows.csv", imports.rows_csv, name="rows"),
    path("write-back/", write_back.ledger, name="write_back"),
    path("write-back/conflicts/", conflicts.of_write_back, name="write_back_conflicts"),
    path("write-back/<int:pk>/export/", write_back.export, name="export"),
    path("write-back/lines/<int:pk>/withdraw/", write_back.withdraw, name="withdraw"),
    path("write-back/lines/<int:pk>/typed-in/", write_back.typed_in, name="typed_in"),
    path("write-back/batches/<int:pk>/", write_back.batch, name="batch"),
    path("write-back/batches/<int:pk>/<str:part>/", write_back.download, name="download"),
]
