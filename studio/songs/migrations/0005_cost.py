"""What a song cost. Songs of the time before there was a ledger cost nothing, and have their entries all the same."""

from django.db import migrations, models

FINAL = ("completed", "partial", "failed", "cancelled")
TOGETHER = 500


def book(apps, schema_editor):
    Entry = apps.get_model("accounts", "LedgerEntry")
    Generation = apps.get_model("songs", "Generation")
    Version = apps.get_model("songs", "Version")
    booked = set(Entry.objects.filter(kind="reserve").values_list("generation_id", flat=True))
    heard = set(Version.objects.filter(state="stored").values_list("generation_id", flat=True))
    entries = []
    for pk, owner_id, status in Generation.objects.values_list("pk", "owner_id", "status"):
        if pk in booked:
            continue
        kinds = ["reserve"]
        if pk in heard:
            kinds.append("capture")
        elif status in FINAL:
            kinds.append("release")
        entries += [Entry(user_id=owner_id, generation_id=pk, kind=kind, amount=0) for kind in kinds]
    Entry.objects.bulk_create(entries, batch_size=TOGETHER)


class Migration(migrations.Migration):
    dependencies = [("songs", "0004_orders"), ("accounts", "0004_ledger")]

    operations = [
        migrations.AddField("generation", "cost", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("generation", "refunded_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(book, migrations.RunPython.noop),
    ]
