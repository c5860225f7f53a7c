"""Letter files know their notice, official and kind from the next migration on: those made before are made again."""

from django.core.files.storage import default_storage
from django.db import migrations


def forget(apps, schema_editor):
    files = apps.get_model("appeals", "LetterFile").objects.all()
    for path in files.exclude(path="").values_list("path", flat=True):
        default_storage.delete(path)
    files.delete()


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
