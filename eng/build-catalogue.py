#!/usr/bin/env python3
"""Writes the embedded model catalogue (src/Sluice/Catalog/Data/*.json) from collected facts.

usage: eng/build-catalogue.py FACTS.json [AS_OF]

FACTS.json is a JSON array with one record per model; its members and the meaning of each price are described in
docs/catalogue.md under "Where the figures come from". The output is one file per provider in the schema of docs/catalogue.md, one
model per line, so that a change of a price is a change of a line. The output depends on the input alone.
"""
import json
import pathlib
import re
import sys

OUT = pathlib.Path(__file__).resolve().parent.parent / "src" / "Sluice" / "Catalog" / "Data"

TOKENS = {
    "input": "input", "cached_input": "cache_read", "cache_write": "cache_write", "cache_write_1h": "cache_write_1h",
    "input_audio": "input_audio", "input_image": "input_image", "input_video": "input_video",
    "cached_audio": "cache_read_audio", "cached_image": "cache_read_image", "output": "output", "reasoning": "reasoning",
    "citation": "citation", "output_audio": "output_audio", "output_image": "output_image", "output_video": "output_video",
}

# These list only what differs from another provider, which serves the same models at the same price.
FALLS_BACK_TO = {"google-vertex": "google"}


def tokens(prices):
    return {TOKENS[name]: value for name, value in prices.items()}


def pattern(rule):
    (kind, text), = rule.items()
    # Nearly every regex of the facts is an id followed by a date; "#" for a digit says that without one.
    if kind == "regex" and re.fullmatch(r"\^([\w-]|\\\.|\\d\{\d\})+\$", text):
        shape = re.sub(r"\\d\{(\d)\}", lambda m: "#" * int(m.group(1)), text[1:-1])
        return shape.replace("\\.", ".")
    return {"exact": text, "prefix": f"{text}*", "suffix": f"*{text}", "contains": f"*{text}*", "regex": f"/{text}/", "any": "*"}[kind]


def fees(record, per_thousand):
    # Google bills searches by the query since Gemini 3, and before by the prompt that made any (ai.google.dev/gemini-api/docs/google-search, 2026-09-17).
    if record["provider"] == "google" and record["id"].startswith(("gemini-1.", "gemini-2.")):
        return {name: {"once": fee} for name, fee in per_thousand.items()}
    # OpenAI's search models search for every request, and Chat Completions counts no searches (developers.openai.com, web search guide).
    if record["provider"] == "openai" and re.search(r"-search-(preview|api)$", record["id"]):
        return {"request": per_thousand["web_search"]}
    return per_thousand


def period(record, source):
    result = {key: source[key] for key in ("from", "until") if key in source}
    if "per_million" in source:
        result["tokens"] = tokens(source["per_million"])
    if "long_context" in source:
        result["long"] = [{"from_input": step["min_input_tokens"], "tokens": tokens(step["per_million"])} for step in source["long_context"]]
    if "windows" in source:
        result["hours"] = [{**({"days": w["days"]} if "days" in w else {}), "utc": w["utc"], "tokens": tokens(w["per_million"])} for w in source["windows"]]
    if "per_thousand" in source:
        result["calls"] = fees(record, source["per_thousand"])
    if "per_unit" in source:
        result["units"] = source["per_unit"]
    return result


def tier(source):
    result = {}
    if "multiplier" in source:
        result["factor"] = source["multiplier"]
    if "per_million" in source:
        result["tokens"] = tokens(source["per_million"])
    if source.get("cached_as_input"):
        result["no_cache_discount"] = True
    return result


def reasoning(source):
    result = {}
    for theirs, ours in (("style", "ways"), ("efforts", "efforts"), ("default_effort", "default_effort"), ("default_on", "on_by_default"),
                         ("can_disable", "can_be_off"), ("no_disable_above_effort", "off_up_to_effort"), ("lowest", "lowest")):
        if theirs in source:
            result[ours] = source[theirs]
    for bound in ("min", "max"):
        if bound in source.get("budget", {}):
            result[f"budget_{bound}"] = source["budget"][bound]
    return result


class Sources:
    """Numbers the sources of a file."""

    def __init__(self):
        self.numbers = {}

    def of(self, record):
        by_fact = {}
        for source in record["sources"]:
            name = source.get("repo") or source.get("url") or source["note"]
            text = f"{name}, {source['date']}" if "date" in source else name
            number = self.numbers.setdefault(text, len(self.numbers) + 1)
            for fact in source["of"].split(","):
                if fact != "parameters" and number not in by_fact.setdefault(fact, []):
                    by_fact[fact].append(number)
        return {fact: numbers for fact, numbers in by_fact.items() if numbers}


def model(record, sources):
    result = {"id": record["id"]}
    for key in ("name", "kind", "status", "released", "retires"):
        if key in record:
            result[key] = record[key]
    patterns = [pattern(rule) for rule in record["match"]]
    if patterns != [record["id"]]:
        result["match"] = patterns
    for theirs, ours in (("context_window", "context"), ("max_input_tokens", "max_input"), ("max_output_tokens", "max_output"),
                         ("embedding_dimensions", "dimensions"), ("cache_min_tokens", "cache_min"), ("endpoints", "endpoints"),
                         ("input", "in"), ("output", "out")):
        if theirs in record:
            result[ours] = record[theirs]
    can = [name for name, value in record.get("capabilities", {}).items() if value]
    cannot = [name for name, value in record.get("capabilities", {}).items() if not value]
    if can:
        result["can"] = can
    if cannot:
        result["cannot"] = cannot
    if "reasoning" in record:
        result["reasoning"] = reasoning(record["reasoning"])
    if "accepts" in record.get("parameters", {}):
        result["accepts"] = record["parameters"]["accepts"]
    result["prices"] = [period(record, p) for p in record["prices"]]
    if "service_tiers" in record:
        result["tiers"] = {name: tier(t) for name, t in record["service_tiers"].items()}
    if "modifiers" in record:
        result["factors"] = record["modifiers"]
    if record.get("checks", {}).get("differ"):
        result["disputed"] = record["checks"]["differ"]
    if "notes" in record:
        result["note"] = record["notes"] if isinstance(record["notes"], str) else " ".join(record["notes"])
    result["sources"] = sources.of(record)
    return result


def main():
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    as_of = sys.argv[2] if len(sys.argv) > 2 else "2026-11-21"
    OUT.mkdir(parents=True, exist_ok=True)
    for provider in dict.fromkeys(record["provider"] for record in facts):
        sources = Sources()
        lines = [json.dumps(model(r, sources), ensure_ascii=False, separators=(",", ":")) for r in facts if r["provider"] == provider]
        fallback = {"falls_back_to": FALLS_BACK_TO[provider]} if provider in FALLS_BACK_TO else {}
        if provider == "google-vertex":
            fallback["names_publishers"] = True
        head = json.dumps({"schema": 1, "provider": provider, **fallback, "as_of": as_of, "sources": list(sources.numbers)}, ensure_ascii=False, indent=2)
        body = head.removesuffix("\n}") + ',\n  "models": [\n' + ",\n".join(f"    {line}" for line in lines) + "\n  ]\n}\n"
        (OUT / f"{provider}.json").write_text(body, encoding="utf-8")
        print(f"{provider}: {len(lines)} models, {len(body)} bytes")


if __name__ == "__main__":
    main()
