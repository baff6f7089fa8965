"""HTML as Telegram reads it, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.entities import read_text, utf16_length
from sandbox.telegram.errors import ApiError


def html(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = read_text(source, "HTML")
    return text, [(e["type"], e["offset"], e["length"]) for e in entities]


def test_nested_tags_become_entities() -> None:
    assert html("<b>a <i>b</i></b> <code>c</code>") == (
        "a b c",
        [("bold", 0, 3), ("italic", 2, 1), ("code", 4, 1)],
    )


def test_offsets_count_utf16_units() -> None:
    assert html("😀 <b>x</b>") == ("😀 x", [("bold", 3, 1)])


def test_references_are_decoded_and_unknown_ones_stay() -> None:
    assert html("&lt;b&gt; &amp; &quot;x&quot; &#1071; &nbsp;") == ('<b> & "x" Я &nbsp;', [])


def test_text_is_trimmed_with_its_entities() -> None:
    assert html("  <b> x </b>\n") == ("x", [("bold", 0, 1)])


def test_link_quote_and_language_keep_what_belongs_to_them() -> None:
    _, [link] = read_text('<a href="https://e.com/?a=1&amp;b=2">pay</a>', "HTML")
    assert link["url"] == "https://e.com/?a=1&b=2"
    _, [quote] = read_text("<blockquote expandable>x</blockquote>", "HTML")
    assert quote["type"] == "expandable_blockquote"
    _, [code] = read_text('<pre><code class="language-python">x</code></pre>', "HTML")
    assert (code["type"], code["language"]) == ("pre", "python")


def test_links_commands_and_addresses_are_found() -> None:
    text = "/pay or https://e.com/x, anna@e.com, @kassir_bot +7 999 123-45-67"
    found = [(entity[0], text[entity[1] : entity[1] + entity[2]]) for entity in html(text)[1]]
    assert found == [
        ("bot_command", "/pay"),
        ("url", "https://e.com/x"),
        ("email", "anna@e.com"),
        ("mention", "@kassir_bot"),
        ("phone_number", "+7 999 123-45-67"),
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("я <p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_with_its_place(source: str, why: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_text(source, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@given(st.text())
def test_plain_text_is_never_refused_and_entities_stay_inside(source: str) -> None:
    text, entities = read_text(source, "")
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@given(st.text(alphabet="<>/&;bi#1 a\"='") | st.text())
def test_html_is_read_or_refused_but_never_a_crash(source: str) -> None:
    try:
        text, entities = read_text(source, "HTML")
    except ApiError as refused:
        assert refused.code == 400
    else:
        assert all(e["offset"] + e["length"] <= utf16_length(text) for e in entities)
