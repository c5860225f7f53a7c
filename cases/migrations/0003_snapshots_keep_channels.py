"""A published target keeps its channels too: those that worked when this was introduced."""

from django.db import migrations


def add_channels(apps, schema_editor):
    for target in apps.get_model("cases", "Target").objects.filter(snapshot__isnull=False).select_related("official"):
        channels = target.official.channels.filter(works=True).order_by("pk")
        target.snapshot["channels"] = [[channel.kind, channel.value] for channel in channels]
        target.save(update_fields=["snapshot"])


def take_channels_out(apps, schema_editor):
    for target in apps.get_model("cases", "Target").objects.filter(snapshot__isnull=False):
        target.snapshot.pop("channels", None)
        target.save(update_fields=["snapshot"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_embassies_and_how_to_call")]
    operations = [migrations.RunPython(add_channels, take_channels_out)]
