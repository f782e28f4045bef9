"""Many plans: which files they are, and what each may say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.domain.errors import InputError
from config.plan_settings import named_by_the_plan, of_one_plan, plan_names, plan_sources, settings_of
from config.settings import Drift, Settings, explained, load_settings

LOOPBACK = {"base_url": "http://127.0.0.1:1/v1.0", "credential": "static_token", "static_token": "x"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Neither a settings file nor a variable of the developer's counts."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "plans.d"
    made.mkdir()
    for name in ("b.yaml", "a.xlsx", "c.YML", "notes.txt", "~$a.xlsx", ".hidden.yaml"):
        (made / name).touch()
    return made


def refusal(settings, source):
    with pytest.raises(InputError) as caught:
        settings_of(settings, source)
    return caught.value.params["details"]


def test_a_folder_holds_a_plan_in_each_plan_file(folder):
    """Excel's lock files and hidden ones are none."""
    assert [one.name for one in plan_sources(Settings(plans=str(folder)))] == ["a.xlsx", "b.yaml", "c.YML"]


def test_a_list_may_hold_links_whose_names_do_not_tell_them():
    """Whoever has the link has the file."""
    link = "https://kommune.example/:x:/s/hemmeligt"
    names = [one.name for one in plan_sources(Settings(plans=["x/b.yaml", link]))]
    assert names[0] == "b.yaml"
    assert names[1].startswith("link:")
    assert "hemmeligt" not in names[1]
    assert [one.is_link for one in plan_sources(Settings(plans=link))] == [True]


def test_without_plans_it_is_the_one_plan_and_without_that_none():
    assert [one.where for one in plan_sources(Settings(plan="x/b.yaml"))] == ["x/b.yaml"]
    with pytest.raises(InputError, match="plan_missing"):
        plan_sources(Settings())


def test_two_files_of_one_name_are_refused(folder):
    """Which of them `a.toml` would be for, nobody could tell."""
    (folder / "a.yaml").touch()
    with pytest.raises(InputError, match="plans_alike"):
        plan_sources(Settings(plans=str(folder)))


def test_a_folder_that_is_not_there_is_told():
    with pytest.raises(InputError, match="plans_unreadable"):
        plan_sources(Settings(plans="nowhere"))


def test_what_a_plan_says_itself_counts_for_it_alone_and_the_rest_is_as_everywhere(folder):
    """Section by section, key by key."""
    (folder / "b.toml").write_text(
        'drift = "restore"\ncourses_a_week = 1\n[graph]\nstatic_token = "y"\n[safety]\nmax_mails = 7\n[jobs]\nsync_plan = "1h"\n'
    )
    common = Settings(plans=str(folder), graph=LOOPBACK, safety={"max_cancel_share": 0.5})
    a, b, _ = (settings_of(common, source) for source in plan_sources(common))
    assert (b.drift, b.courses_a_week, b.safety.max_mails, b.safety.max_cancel_share, b.jobs.sync_plan) == (Drift.RESTORE, 1, 7, 0.5, "1h")
    assert b.graph.base_url == LOOPBACK["base_url"]
    assert b.graph.static_token is not None
    assert b.graph.static_token.get_secret_value() == "y"
    assert (a.graph, a.safety, a.drift, a.courses_a_week, a.jobs) == (common.graph, common.safety, Drift.KEEP, 3, common.jobs)
    assert (a.plan, a.plans) == (str(folder / "a.xlsx"), None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('database_url = "sqlite:///x.db"', "database_url: not a plan's own"),
        ("[web]\nport = 1", "web: not a plan's own"),
        ("[safety]\nmax_mail = 1", "KURSUSBOT_SAFETY__MAX_MAIL: unknown, did you mean KURSUSBOT_SAFETY__MAX_MAILS?"),
        ("[safety]\nmax_mails = -1", "KURSUSBOT_SAFETY__MAX_MAILS: Input"),
        ('[jobs]\nsync_plan = "often"', "KURSUSBOT_JOBS__SYNC_PLAN: not a cadence"),
        ("safety = 3", "KURSUSBOT_SAFETY: Input should be a"),
        ('drift = "sometimes"', "KURSUSBOT_DRIFT: Input should be 'keep'"),
        ("courses_a_week = 0", "KURSUSBOT_COURSES_A_WEEK: Input should be greater than or equal to 1"),
        ("[safety", "b.toml"),
        ('[graph]\ncredential = "client_secret"\nclient_secret = "hemmeligt"', "TENANT_ID"),
    ],
)
def test_what_is_wrong_there_is_refused_with_its_file_and_never_a_value(folder, text, told):
    (folder / "b.toml").write_text(text)
    common = Settings(plans=str(folder), graph=LOOPBACK)
    said = refusal(common, plan_sources(common)[1])
    assert told in said
    assert "b.toml" in said
    assert "hemmeligt" not in said


def test_a_fixed_clock_does_not_reach_a_real_tenant_through_a_plan(folder):
    (folder / "b.toml").write_text('[graph]\nbase_url = "https://graph.microsoft.com/v1.0"\ncredential = "default"')
    common = Settings(plans=str(folder), graph=LOOPBACK, now="2025-01-01T00:00:00Z")
    assert "fixed clock" in refusal(common, plan_sources(common)[1])


def test_a_command_on_one_plan_finds_it_by_name_or_path_with_its_own_settings(folder):
    (folder / "b.toml").write_text("[safety]\nmax_mails = 7")
    by_name = of_one_plan(Settings(plans=str(folder), plan="b"))
    by_path = of_one_plan(Settings(plan=str(folder / "b.yaml")))
    assert by_name.plan == by_path.plan == str(folder / "b.yaml")
    assert by_name.safety.max_mails == by_path.safety.max_mails == 7
    assert of_one_plan(Settings()).plan is None


def test_the_settings_file_itself_is_no_plans_own(tmp_path):
    """`kursusbot.yaml` is a good name for a plan."""
    (tmp_path / "kursusbot.toml").write_text('plan = "kursusbot.yaml"\n[web]\nport = 1')
    settings = Settings()
    assert of_one_plan(settings).plan == "kursusbot.yaml"
    assert of_one_plan(settings).web.port == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"jobs": {"sync_plan": "often"}}, "KURSUSBOT_JOBS__SYNC_PLAN: not a cadence"),
        ({"jobs": {"timezone": "Mars"}}, "KURSUSBOT_JOBS__TIMEZONE: a name such as"),
        ({"graph": {"credential": "certificate"}}, "KURSUSBOT_GRAPH__CREDENTIAL: certificate also needs"),
        ({"web": {"prt": 1}}, "KURSUSBOT_WEB__PRT: unknown, did you mean KURSUSBOT_WEB__PORT?"),
        ({"now": "2025-01-01T00:00:00Z"}, "KURSUSBOT_NOW: a fixed clock"),
        ({"teams": {"channels": {"HR": "http://x"}}}, "KURSUSBOT_TEAMS__CHANNELS: HR needs"),
    ],
)
def test_what_is_wrong_is_told_by_the_whole_name_of_the_setting(given, told):
    """It can be looked up, and set."""
    with pytest.raises(ValidationError) as caught:
        Settings(**given)
    (line,) = explained(caught.value)
    assert line.startswith(told)


def test_what_a_plan_says_itself_can_be_told_to_who_looks(folder):
    """Its file and the names, by table; never a value."""
    (folder / "ops.yaml").touch()
    (folder / "ops.toml").write_text('drift = "restore"\n[safety]\nmax_cancel_share = 1.0\n[graph]\nclient_secret = "hemmeligt"\n')
    assert named_by_the_plan(str(folder / "ops.yaml")) == (
        str(folder / "ops.toml"), ("drift", "safety.max_cancel_share", "graph.client_secret")
    )  # fmt: skip
    assert named_by_the_plan(str(folder / "alone.yaml")) is None
    assert named_by_the_plan("https://kommune.sharepoint.example/:x:/s/1") is None


def test_a_cadence_may_have_the_name_that_its_job_had_before(tmp_path, monkeypatch):
    monkeypatch.setenv("KURSUSBOT_JOBS__DELIVER_MESSAGES", "3m")
    common = load_settings(plan="a.yaml")
    assert common.jobs.follow_decisions == "3m"
    (tmp_path / "a.yaml").touch()
    (tmp_path / "a.toml").write_text('jobs = {deliver_messages = "off"}')
    (source,) = plan_sources(common)
    assert settings_of(common, source).jobs.follow_decisions == "off"


def test_of_both_names_of_a_job_the_one_of_today_counts(monkeypatch):
    monkeypatch.setenv("KURSUSBOT_JOBS__DELIVER_MESSAGES", "3m")
    monkeypatch.setenv("KURSUSBOT_JOBS__FOLLOW_DECISIONS", "4m")
    assert load_settings().jobs.follow_decisions == "4m"


def test_what_no_job_was_ever_called_is_unknown(monkeypatch):
    monkeypatch.setenv("KURSUSBOT_JOBS__DELIVER_MASSAGES", "3m")
    with pytest.raises(InputError, match="KURSUSBOT_JOBS__DELIVER_MASSAGES: unknown"):
        load_settings()
    with pytest.raises(ValidationError):
        Settings(jobs="often")


def test_a_settings_file_alone_may_name_a_plan_on_the_desk_with_settings_of_its_own(tmp_path):
    (tmp_path / "talent.toml").write_text('plan = "desk:talent"\n[safety]\nmax_mails = 7\n', "utf-8")
    (tmp_path / "other.toml").write_text("[safety]\nmax_mails = 7\n", "utf-8")
    settings = Settings(plans=str(tmp_path))
    (source,) = plan_sources(settings)
    assert (source.name, source.on_desk, source.called, source.is_link) == ("desk:talent", "talent", "talent", False)
    own = settings_of(settings, source)
    assert (own.plan, own.safety.max_mails, plan_names(settings)) == ("desk:talent", 7, ("talent",))
    for called in ("talent", "desk:talent"):
        assert of_one_plan(settings.model_copy(update={"plan": called})).safety.max_mails == 7


@pytest.mark.parametrize("where", ["desk:", "desk:Norddjurs", "desk:../x", "desk:a b"])
def test_a_plan_on_the_desk_has_an_id_as_plans_have(where):
    with pytest.raises(InputError) as refused:
        plan_sources(Settings(plan=where))
    assert refused.value.code == "desk_plan_id"


def test_a_file_and_the_desk_are_not_the_same_plan_twice(tmp_path):
    (tmp_path / "talent.yaml").write_text("", "utf-8")
    with pytest.raises(InputError) as refused:
        plan_sources(Settings(plans=[str(tmp_path / "talent.yaml"), "desk:talent"]))
    assert refused.value.code == "plans_alike"
