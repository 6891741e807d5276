FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /home/kontor --uid 10001 kontor
WORKDIR /srv/kontor
COPY requirements/base.txt requirements/
RUN pip install --require-hashes --no-deps -r requirements/base.txt
COPY . .
# Texts and static files are the same for every container; the key below signs nothing and stays in this step.
RUN mkdir -p /var/lib/kontor/media \
    && SECRET_KEY=used-while-building-only-and-never-again-0123456789 KONTOR_VAR=/srv/kontor/built \
       sh -c 'python manage.py messages --compile && python manage.py build_assets && python manage.py collectstatic --noinput' \
    && chown -R kontor:kontor /var/lib/kontor
ENV KONTOR_VAR=/var/lib/kontor KONTOR_STATIC=/srv/kontor/built/static KONTOR_BIND=0.0.0.0:8000 FORWARDED_ALLOW_IPS=*
USER kontor
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "docker/healthy.py"]
CMD ["gunicorn", "-c", "config/gunicorn_conf.py", "config.wsgi"]
