"""The recipe of docs/organization-file.md for years of files: tried as it stands there.

    tests/parquet/run.py --idc target/debug/idc --serve target/debug/examples/serve

Two nights of a served organization are turned into Parquet by the SQL of the document, in DuckDB. What Athena would be told
is read in Athena's dialect: the columns of its tables are those of the Parquet files, and its questions, put to them, answer
what the SQLite files answer.
"""

import argparse
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile

import duckdb
import sqlglot
from duckdb_extensions import import_extension

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "organization-file.md"
TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "date": "DATE"}


def blocks():
    """The SQL of the section, block by block."""
    section = DOCUMENT.read_text().split("## For years of them", 1)[1]
    return re.findall(r"```sql\n(.*?)```", section, re.S)


def scanned(idc, serve, file):
    server = subprocess.Popen([serve, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        environment = {
            "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": server.stdout.readline().split()[-1],
            "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIAMANAGEMENT000001", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "127.0.0.1",
        }
        words = [idc, "scan", "--full", "--target-role", "IdcReadOnly", "--record", str(file), "-q"]
        ended = subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, timeout=120).returncode
        assert ended == 10, ended
    finally:
        server.kill()


def changed(file, statement, *values):
    db = sqlite3.connect(file)
    rows = db.execute(statement, values).rowcount
    db.commit()
    db.close()
    assert rows > 0, statement


def written(folder, file, recipe):
    import_extension("sqlite_scanner")
    place = os.getcwd()
    os.chdir(folder)
    try:
        db = duckdb.connect()
        for statement in recipe.replace("'org.db'", f"'{file}'").split(";"):
            # The wheel has put it there already.
            if statement.strip() and not statement.strip().startswith("INSTALL"):
                db.execute(statement)
        db.close()
    finally:
        os.chdir(place)


def declared(text):
    """The tables that Athena is told of, each with its columns and their types."""
    tables = {}
    for statement in sqlglot.parse(text, read="athena"):
        columns = re.search(r"TABLE (\w+) \((.*?)\)\s*PARTITIONED BY \((.*?)\)", statement.sql("hive"), re.S | re.I)
        name, own, partitions = columns.groups()
        pairs = [pair.split() for pair in (own + "," + partitions).split(",")]
        tables[name] = {column: TYPES[kind.lower()] for column, kind in pairs}
    return tables


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--idc", required=True)
    parser.add_argument("--serve", required=True)
    given = parser.parse_args()
    idc, serve = (str(pathlib.Path(one).resolve()) for one in (given.idc, given.serve))
    recipe, tables, *questions = blocks()
    assert len(questions) == 2, questions
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        nights = {"2026-01-01": folder / "one.db", "2026-01-02": folder / "two.db"}
        for day, file in nights.items():
            scanned(idc, serve, file)
            changed(file, "UPDATE meta SET value = ? || substr(value, 11) WHERE key = 'finished'", day)
            changed(file, "UPDATE fact SET state = 'denied' WHERE call = 'iam:GetAccountSummary'")
        # Somebody has lost their ways.
        changed(nights["2026-01-02"], "DELETE FROM membership WHERE user_id IN (SELECT id FROM user WHERE user_name = 'jane.doe')")
        (folder / "lake").mkdir()
        for file in nights.values():
            written(folder, file, recipe)
        # One that was cut off says of no night what there was.
        changed(nights["2026-01-02"], "DELETE FROM meta WHERE key = 'finished'")
        written(folder, nights["2026-01-02"], recipe)

        lake = duckdb.connect()
        for name, columns in declared(tables).items():
            lake.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/lake/{name}/*/*.parquet', hive_partitioning = true)")
            found = {column: kind for column, kind, *_ in lake.execute(f"DESCRIBE {name}").fetchall()}
            assert found == columns, (name, found, columns)
        answers = [lake.execute(sqlglot.transpile(one, read="athena", write="duckdb")[0]).fetchall() for one in questions]

    seen = {(user, permission_set): (str(first), str(last)) for user, _, permission_set, first, last in answers[0]}
    both = ("2026-01-01", "2026-01-02")
    assert seen and all(days == both for (user, _), days in seen.items() if user != "jane.doe"), seen
    gone = [days for (user, _), days in seen.items() if user == "jane.doe"]
    assert gone and all(days == ("2026-01-01", "2026-01-01") for days in gone), seen
    assert answers[1] and all(nights == 2 for *_, nights in answers[1]), answers[1]
    print(f"{len(seen)} ways and {len(answers[1])} faults of two nights, as the files tell them")


if __name__ == "__main__":
    main()
