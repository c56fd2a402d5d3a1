"""The OpenAPI document by itself, and beside the table of routes that the server has."""
import json
import unittest

from asking import ABOUT
from document import Document, escaped
from servers import SERVER, run


class Table(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = Document()
        cls.told = json.loads(run(SERVER, "routes").stdout)

    def named_routes(self):
        names = {route: name for name, route in self.document.operations.items()}
        return [(names[route["method"], route["path"]], route) for route in self.told["routes"]]

    def test_routes(self):
        described = sorted(self.document.operations.values())
        self.assertEqual(described, sorted((route["method"], route["path"]) for route in self.told["routes"]))

    def test_parameters(self):
        for name, route in self.named_routes():
            parameters = [word for where, word in self.document.parameters(name) if where == "query"]
            self.assertEqual(sorted(parameters), sorted(route["parameters"]), name)
            placeholders = {word for where, word in self.document.parameters(name) if where == "path"}
            self.assertEqual(placeholders, {word for word in ABOUT if f"{{{word}}}" in route["path"]})

    def test_roles(self):
        for name, route in self.named_routes():
            operation = self.document.operation(name)
            self.assertEqual(operation.get("security") != [], route["token"])
            self.assertEqual(operation["x-roles"], route["roles"] if route["token"] else [], name)
            self.assertEqual("403" in operation["responses"], route["token"] and len(route["roles"]) < 5)
            self.assertEqual("401" in operation["responses"], route["token"])

    def test_codes(self):
        self.assertEqual(self.document.tree["components"]["schemas"]["Code"]["enum"], self.told["codes"])
        explained = self.document.tree["info"]["description"]
        self.assertEqual([code for code in self.told["codes"] if f"`{code}`" not in explained], [])


class Examples(unittest.TestCase):
    def setUp(self):
        self.document = Document()

    def check(self, media_type):
        schema = f"{media_type}/schema"
        _, node = self.document.follow(media_type)
        for value in [node[word] for word in ("example",) if word in node] + [each["value"] for each in node.get("examples", {}).values()]:
            self.assertEqual(self.document.why_invalid(schema, value), [], value)
            self.assertEqual(self.document.told(schema, value)[1], [], value)

    def test_examples(self):
        for name in self.document.operations:
            for schema in self.document.contents(name).values():
                self.check(schema.removesuffix("/schema"))
            for media in self.document.operation(name).get("requestBody", {"content": {}})["content"]:
                self.check(f"{self.document.pointer(name)}/requestBody/content/{escaped(media)}")

    def test_parameters_have_examples(self):
        for name in self.document.operations:
            for (_, word), parameter in self.document.parameters(name).items():
                self.assertTrue(parameter.get("description"), word)
                where = f"{self.document.pointer(name)}/parameters"
                index = list(self.document.parameters(name).values()).index(parameter)
                pointer, _ = self.document.follow(f"{where}/{index}")
                self.assertEqual(self.document.why_invalid(f"{pointer}/schema", parameter["example"]), [], word)


if __name__ == "__main__":
    unittest.main()
