#!/bin/sh
# Runs once, when PostgreSQL makes its data folder: both roles and the database (docs/operations.md, "Two roles").
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE kontor_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE kontor_app LOGIN PASSWORD :'app_password';
CREATE DATABASE kontor OWNER kontor_owner;
REVOKE ALL ON DATABASE kontor FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE kontor TO kontor_app;
SQL
