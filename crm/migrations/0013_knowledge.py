from django.db import migrations

# The usual questions of the showroom become articles of the knowledge base, each with its words as the first, published
# version. `manage.py load_defaults` writes the words by which they are found.

LANGUAGES = ("en", "zh_hans", "zh_hant", "de")


def move_questions(apps, schema_editor):
    using = schema_editor.connection.alias
    Faq = apps.get_model("crm", "Faq")
    Article = apps.get_model("knowledge", "Article")
    Version = apps.get_model("knowledge", "ArticleVersion")
    for row in Faq.objects.using(using).order_by("position", "pk"):
        code = f"faq-{row.code}"
        if Article.objects.using(using).filter(code=code).exists():
            continue
        article = Article.objects.using(using).create(
            code=code, kind="faq", status="draft", situations=["showroom", "inquiry"], position=row.position
        )
        texts = {f"title_{one}": getattr(row, f"question_{one}")[:200] for one in LANGUAGES}
        bodies = {f"body_{one}": getattr(row, f"answer_{one}") for one in LANGUAGES}
        for one in LANGUAGES:  # a question may be longer than a title
            if len(getattr(row, f"question_{one}")) > 200:
                bodies[f"body_{one}"] = getattr(row, f"question_{one}") + "\n\n" + bodies[f"body_{one}"]
        version = Version.objects.using(using).create(
            article=article, number=1, published_at=article.created_at, written_at=article.created_at, **texts, **bodies
        )
        article.current = article.latest = version
        article.status = "published"
        article.save(using=using)
        if not row.is_active:
            article.status = "retired"
            article.save(using=using)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0012_ownership'),
        ('knowledge', '0001_knowledge'),
    ]

    operations = [
        migrations.RunPython(move_questions, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='Faq',
        ),
    ]
