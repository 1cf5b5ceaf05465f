"""Check a query against a schema, and answer it anew from an answer: `drive_graphql.py SCHEMA REQUEST ANSWER`.

Printed is what is wrong, and the answer that a whole implementation makes of the same values.
"""

import json
import sys
from pathlib import Path

from graphql import build_schema, execute_sync, parse, validate

# What stands at the fields of which the schema tells an interface only.
OBJECTS = {"Repository.object": "Commit", "Ref.target": "Commit", "TreeEntry.object": "Blob"}

schema = build_schema(Path(sys.argv[1]).read_text("utf-8"), assume_valid=True)
request, answer = json.loads(sys.argv[2]), json.loads(sys.argv[3])
document = parse(request["query"])
errors = [str(error) for error in validate(schema, document)]
result = execute_sync(
    schema,
    document,
    root_value=answer,
    variable_values=request.get("variables"),
    type_resolver=lambda _value, info, _type: OBJECTS[f"{info.parent_type.name}.{info.field_name}"],
)
errors += [str(error) for error in result.errors or ()]
sys.stdout.write(json.dumps({"errors": errors, "answer": result.data}))
