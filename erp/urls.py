from django.urls import path

from erp.views import (
    by_hand,
    conflicts,
    downloads,
    imports,
    matching,
    previewing,
    uploading,
    write_back,
)

app_name = "erp"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", uploading.upload, name="upload"),
    path("imports/sample/<str:entity>.<str:kind>", uploading.sample, name="sample"),
    path("imports/<int:pk>/", imports.import_page, name="import"),
    path("imports/<int:pk>/match/", matching.match, name="match"),
    path("imports/<int:pk>/match/<int:file>/", matching.rematch, name="rematch"),
    path("imports/<int:pk>/match/<int:file>/read-again/", matching.reopen, name="reopen"),
    path("imports/<int:pk>/preview/", previewing.preview, name="preview"),
    path("imports/<int:pk>/apply/", previewing.apply, name="apply"),
    path("imports/<int:pk>/discard/", previewing.discard, name="discard"),
    path("imports/<int:pk>/progress/", imports.progress, name="progress"),
    path("imports/<int:pk>/stop/", imports.stop, name="stop"),
    path("imports/<int:pk>/go-on/", imports.go_on, name="go_on"),
    path("imports/<int:pk>/undo/", imports.undo, name="undo"),
    path("imports/<int:pk>/conflicts/", conflicts.of_import, name="conflicts"),
    path("imports/<int:pk>/conflicts/all/", conflicts.all_of_import, name="conflicts_all"),
    path(
        "imports/<int:pk>/conflicts/<int:change_set>/undo/",
        conflicts.undo_of_import,
        name="conflicts_undo",
    ),
    path("imports/<int:pk>/<int:file>/rows.csv", downloads.errors_csv, name="rows"),
    path("imports/<int:pk>/rows/<str:kind>.csv", downloads.kind_csv, name="kind_rows"),
    path("write-back/", write_back.ledger, name="write_back"),
    path("write-back/conflicts/", conflicts.of_write_back, name="write_back_conflicts"),
    path(
        "write-back/conflicts/<int:change_set>/undo/",
        conflicts.undo_of_write_back,
        name="write_back_undo",
    ),
    path("write-back/<int:pk>/export/", write_back.export, name="export"),
    path("write-back/<int:pk>/settings/", by_hand.source_settings, name="source_settings"),
    path("write-back/<int:pk>/typed-in/", by_hand.all_typed_in, name="all_typed_in"),
    path(
        "write-back/<int:pk>/typed-in/<int:moment>/undo/", by_hand.not_typed_in, name="not_typed_in"
    ),
    path("write-back/lines/<int:pk>/withdraw/", by_hand.withdraw, name="withdraw"),
    path("write-back/lines/<int:pk>/typed-in/", by_hand.typed_in, name="typed_in"),
    path("write-back/batches/", write_back.batches, name="batches"),
    path("write-back/batches/<int:pk>/", write_back.batch, name="batch"),
    path("write-back/batches/<int:pk>/<str:part>/", write_back.download, name="download"),
]
