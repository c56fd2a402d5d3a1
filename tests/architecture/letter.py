"""The words of a letter: its fact types, fields, choices, measures and requirements."""
from pathlib import Path

import yaml

# Round 2565-2 as its contract names it: holds also where a catalogue leaves a word out.
FACT_TYPES = """
    target_household plot target_group product publicity income_baseline income household_verified household_plan
    household_help mentor_visit supervision_report poverty_share missed_share household_outcome plot_assessment
    department_report development_plan model best_practice evidence judgement
"""
FIELDS = """
    household dimensions source plot kind group work_group title document url indicator channel amount
    logbook_reference dimension agency team target_households all_households found base outcome assessment grade
    subject scope strategies activities timeframe agency_roles in_use agencies method result requirement unit level met
    grounds target_group
"""
CHOICES = """
    health education living_conditions income state_services tpmap missed CLM HLM agriculture processing tourism video
    best_practice local_newspaper radio television facebook line website youtube notice_board event other not_yet
    survival sufficiency sustainability may september A B C assessment_may assessment_september score plot district
    province
"""
MEASURES = """
    work_groups_active income_growth households_verified visits_kept all_dimensions_helped channels weeks_publicised
    months_supervised poverty_share_reported missed_share_reported households_subsisting plots assessed_may
    assessed_september reported_may reported_september plan_strategies models_in_use best_practices
    publicity_in_quarter grade_a
"""


def words(root):
    """Each word and what it is; single letters such as A are left out: code has them too."""
    found = {}
    for what, listed in (("a choice", CHOICES), ("a field", FIELDS), ("a measure", MEASURES),
                         ("a fact type", FACT_TYPES)):
        found.update({word: what for word in listed.split()})
    for path in sorted(Path(root).glob("schemas/catalogue/*/*.yaml")):
        for word, what in in_catalogue(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found.setdefault(str(word), what)
    return {word: what for word, what in found.items() if len(word) > 1}


def in_catalogue(file):
    """What one file of a catalogue names."""
    file = file if isinstance(file, dict) else {}
    for name, fact_type in (file.get("fact_types") or {}).items():
        yield name, "a fact type"
        yield from ((field, "a field") for field in (fact_type or {}).get("values") or {})
    for chosen in (file.get("vocabularies") or {}).values():
        yield from ((word, "a choice") for word in chosen)
    yield from ((name, "a register") for name in file.get("registers") or {})
    yield from ((name, "a measure") for name in file.get("measures") or {})
    for requirements in (file.get("evidence") or {}).values():
        if isinstance(requirements, list):
            yield from ((one["requirement"], "a requirement") for one in requirements)
