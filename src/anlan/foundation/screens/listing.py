"""Lists as every page shows them: search box, filter chips, sortable dense table, paging, export to Excel.

    listing = Listing(
        request,
        visible(request.actor, "org.see", Unit.objects.all()),
        columns=[
            Column("short_name", _("单位"), sort="short_name", link=lambda unit: reverse("unit", args=[unit.code])),
            Column("kind", _("类别"), value=lambda unit: unit.get_kind_display()),
            Column("tasks", _("任务"), kind="number", unit=_("项"), sort="task_count"),
        ],
        filters=[Filter("kind", _("类别"), lambda: UnitKind.choices, lambda rows, value: rows.filter(kind=value))],
        search=words_in("short_name", "official_name", "aliases__name"),
        sort="short_name",
        empty=(_("还没有单位。"), reverse("unit_import"), _("导入单位")),
        export=_("单位"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "org/units.html", {"listing": listing})

and in the template {% include "screens/listing.html" %}. One listing a page. All state is in the address (`q`, `sort`,
`page` and the keys of the filters), so a list can be bookmarked and sent. What the address asks for and is not there is
said above the table (`notices`) and left out; a list never answers with an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from anlan.foundation.screens import excel
from anlan.foundation.screens.marks import Mark, drawing
from anlan.foundation.screens.models import SavedView
from anlan.foundation.screens.texts import text_of

M = TypeVar("M", bound=Model)

KINDS = ("text", "number", "date", "state")
# Names in the address that are not filters.
_TAKEN = frozenset({"q", "sort", "page", "export"})
_LONGEST_SEARCH = 200
_TICK = (
    '<td role="cell" class="cell-tick"><input class="form-check-input" type="checkbox" name="key" value="{}" data-tick '
    'aria-label="{}"></td>'
)


# Without slots: a frozen generic with slots cannot be made as Column[Unit](…) in Python 3.11.
@dataclass(frozen=True)
class Column(Generic[M]):
    """Column of a list.

    `value` gives what stands in the cell (default: the attribute `key`): None, text, number, date, datetime, a `Mark`
    (see screens.marks) or safe HTML. `sort` is the field for order_by, "" where one cannot sort. `link` gives the
    address that the cell opens. `unit` stands in the header. A `wide` column holds long text, cut with the whole of it
    on hover and in print.
    """

    key: str
    title: str
    value: Callable[[M], object] | None = None
    sort: str = ""
    kind: str = "text"
    link: Callable[[M], str | None] | None = None
    unit: str = ""
    wide: bool = False

    def __post_init__(self) -> None:
        """ValueError for a kind that is none of KINDS."""
        if self.kind not in KINDS:
            raise ValueError(f"column {self.key}: kind {self.kind!r} is not one of {', '.join(KINDS)}")

    def of(self, row: M) -> object:
        """What stands in the cell of this row."""
        return getattr(row, self.key) if self.value is None else self.value(row)

    @cached_property
    def css(self) -> str:
        """Classes of its cells."""
        return f"cell-{self.kind} cell-wide" if self.wide else f"cell-{self.kind}"

    @property
    def escaped_heading(self) -> str:
        """Heading as an attribute holds it."""
        return conditional_escape(self.heading)

    @property
    def heading(self) -> str:
        """Title with the unit: 长度（米）."""
        return _("%(title)s（%(unit)s）") % {"title": self.title, "unit": self.unit} if self.unit else str(self.title)


@dataclass(frozen=True)
class Filter(Generic[M]):
    """Filter chip. `choices` gives (value, label) pairs, `apply` the rows that the value leaves."""

    key: str
    title: str
    choices: Callable[[], Sequence[tuple[Any, Any]]]
    apply: Callable[[QuerySet[M], str], QuerySet[M]]

    def __post_init__(self) -> None:
        """ValueError for a key that the address needs for something else."""
        if self.key in _TAKEN:
            raise ValueError(f"filter {self.key}: the name is taken")


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done with the rows that are ticked: address to send their keys to (as `key`), label, icon."""

    url: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class Link:
    """Choice of a filter, or a page: text, address, whether it is the one in force."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """Filter as shown: its title, the label in force ("" for none), the choices and the address without it."""

    key: str
    title: str
    label: str
    links: tuple[Link, ...]
    clear: str

    @property
    def choices(self) -> SafeString:
        """The choices as its menu shows them, written here for the same reason as the cells."""
        return mark_safe(
            "".join(
                f'<li><a href="{escape(link.url)}" aria-current="true">{escape(link.text)}{drawing("check")}</a></li>'
                if link.current
                else f'<li><a href="{escape(link.url)}">{escape(link.text)}</a></li>'
                for link in self.links
            )
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """Header cell: `order` is "ascending", "descending" or "" and `url` sorts by it, or turns the order round."""

    column: Column[Any]
    order: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Cell as shown."""

    column: Column[Any]
    value: object
    url: str

    @property
    def text(self) -> str:
        """Value as text."""
        return text_of(self.value)

    @property
    def html(self) -> SafeString:
        """The cell as the table shows it. Written here and not in a template, which takes three times as long: a page
        has hundreds of cells."""
        column, value = self.column, self.value
        said = self.text
        safe = isinstance(value, SafeString)
        text = said if safe else escape(said)
        if isinstance(value, Mark):
            inner: str = value.html
        elif column.kind == "state" and text and not safe:
            inner = f'<span class="sign sign-neutral">{text}</span>'
        else:
            inner = text
        if self.url:
            inner = f'<a href="{escape(self.url)}">{inner}</a>'
        # A long text that is cut is whole on hover; HTML would show its tags there.
        whole = f' title="{text}"' if column.wide and not safe else ""
        none = "" if text else " cell-none"
        opening = f'<td role="cell" class="{column.css}{none}" data-title="{column.escaped_heading}"'
        return mark_safe(f"{opening}{whole}>{inner}</td>")


def words_in(*fields: str) -> Callable[[QuerySet[M], str], QuerySet[M]]:
    """Search for a Listing: rows in which each word stands in one of these fields."""

    def find(rows: QuerySet[M], words: str) -> QuerySet[M]:
        doubles = any("__" in field for field in fields)
        for word in words.split():
            condition = Q()
            for field in fields:
                condition |= Q(**{f"{field}__icontains": word})
            if doubles:
                # Through the key, so that a condition over a related table doubles no row.
                rows = rows.filter(pk__in=rows.model._default_manager.filter(condition).values("pk"))
            else:
                rows = rows.filter(condition)
        return rows

    return find


class Listing(Generic[M]):
    """List of the rows of a queryset, as the address of the request asks for it. See the module's docstring.

    `keeps_views` lets people keep what they narrowed under a name (one query more). With `bulk` the rows can be ticked.
    `search` gets the queryset and what was typed, as one string. `sort` is the key of the column in force when the
    address names none, with "-" before it for descending; without it the queryset's own order stands. `empty` is what
    would be here, the address of the first step ("" for none) and its label.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        columns: Sequence[Column[M]],
        filters: Sequence[Filter[M]] = (),
        search: Callable[[QuerySet[M], str], QuerySet[M]] | None = None,
        sort: str = "",
        per_page: int = 50,
        empty: tuple[str, str, str] = ("", "", ""),
        export: str = "",
        keeps_views: bool = False,
        bulk: Sequence[Bulk] = (),
    ) -> None:
        self.request = request
        self.keeps_views = keeps_views
        self.bulk = tuple(bulk)
        self.columns = tuple(columns)
        self.filters = tuple(filters)
        self.has_search = search is not None
        self.empty_text, self.empty_url, self.empty_label = empty
        self.export_name = str(export)
        self.notices: list[str] = []
        self.per_page = per_page
        self._values: dict[str, tuple[str, str]] = {}
        self._choices: dict[str, list[tuple[str, str]]] = {}
        self.words = self._words() if search else ""
        rows = queryset
        for one in self.filters:
            rows = self._filtered(rows, one)
        if search and self.words:
            rows = search(rows, self.words)
        self.sort = self._sort_key(sort)
        self.rows: QuerySet[M] = self._sorted(rows)

    # What the address asks for

    def _words(self) -> str:
        # PostgreSQL takes no NUL in a text.
        words = " ".join(self.request.GET.get("q", "").replace("\0", "").split())
        if len(words) > _LONGEST_SEARCH:
            self.notices.append(_("搜索词太长，只用了前 %(n)d 个字。") % {"n": _LONGEST_SEARCH})
        return words[:_LONGEST_SEARCH]

    def _filtered(self, rows: QuerySet[M], one: Filter[M]) -> QuerySet[M]:
        self._choices[one.key] = [(str(value), str(label)) for value, label in one.choices()]
        wanted = self.request.GET.get(one.key, "")
        if not wanted:
            return rows
        label = dict(self._choices[one.key]).get(wanted)
        if label is None:
            self.notices.append(
                _("“%(title)s”里没有“%(value)s”这一项，没有按它筛选。") % {"title": one.title, "value": wanted[:60]}
            )
            return rows
        self._values[one.key] = (wanted, label)
        return one.apply(rows, wanted)

    def _sort_key(self, default: str) -> str:
        wanted = self.request.GET.get("sort", "")
        if not wanted:
            return default
        if wanted.removeprefix("-") in {column.key for column in self.columns if column.sort}:
            return wanted
        self.notices.append(_("不能按“%(key)s”排序。") % {"key": wanted[:60]})
        return default

    def _sorted(self, rows: QuerySet[M]) -> QuerySet[M]:
        column = next((c for c in self.columns if c.sort and c.key == self.sort.removeprefix("-")), None)
        if column is None:
            return rows if rows.ordered else rows.order_by("pk")
        down = self.sort.startswith("-") != column.sort.startswith("-")
        # The key makes the order complete, so that no row is on two pages.
        return rows.order_by(("-" if down else "") + column.sort.removeprefix("-"), "pk")

    def url(self, **changes: str) -> str:
        """Address of this list with some names set, or left out where the value is ""; begins at the first page."""
        kept = [pair for pair in self._asked if pair[0] not in changes]
        query = urlencode([*kept, *((name, value) for name, value in changes.items() if value)])
        return f"{self.request.path}?{query}" if query else self.request.path

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        """Names and values of the address, but for the page and the way out."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in ("page", "export")
            for value in values
        ]

    # What the template shows

    @cached_property
    def page(self) -> Page[M]:
        """Page in force; the nearest there is, with a notice, where the address names none that exists."""
        paginator = Paginator(self.rows, self.per_page)
        wanted = self.request.GET.get("page", "1")
        if not re.fullmatch("[1-9][0-9]{0,8}", wanted):
            self.notices.append(_("没有“第 %(page)s 页”，这里是第 1 页。") % {"page": wanted[:20]})
            return paginator.page(1)
        if int(wanted) > paginator.num_pages:
            self.notices.append(
                _("没有第 %(page)s 页，这里是最后一页（第 %(last)d 页）。")
                % {"page": wanted, "last": paginator.num_pages}
            )
        return paginator.page(min(int(wanted), paginator.num_pages))

    @property
    def total(self) -> int:
        """Number of rows on all pages."""
        return self.page.paginator.count

    @property
    def shown(self) -> list[M]:
        """Rows of this page."""
        return list(self.page.object_list)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is in force."""
        return bool(self.words or self._values)

    @property
    def path(self) -> str:
        """Address of the list without any state."""
        return self.request.path

    @property
    def search_url(self) -> str:
        """Address without the search."""
        return self.url(q="")

    @property
    def clear_url(self) -> str:
        """Address without search and filters."""
        return self.url(q="", **{one.key: "" for one in self.filters})

    @cached_property
    def views(self) -> list[SavedView]:
        """Views of this list that the account keeps. One query, none where the list keeps no views."""
        account = getattr(getattr(self.request, "actor", None), "account_id", None)
        if not self.keeps_views or account is None:
            return []
        return list(SavedView.objects.filter(account_id=account, path=self.path))

    @property
    def view_query(self) -> str:
        """What a view of this list would keep, "" where nothing is narrowed or sorted."""
        return self.url().partition("?")[2]

    @property
    def export_url(self) -> str:
        """Address of the Excel file of all rows, "" where there is none."""
        return self.url(export="xlsx") if self.export_name else ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Names and values that the search form carries along."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in {"q", "page", "export"}
            for value in values
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """Filters as shown."""
        chips = []
        for one in self.filters:
            value, label = self._values.get(one.key, ("", ""))
            links = tuple(
                Link(text, self.url(**{one.key: key}), key == value and bool(value))
                for key, text in self._choices[one.key]
            )
            chips.append(Chip(one.key, str(one.title), label, links, self.url(**{one.key: ""})))
        return chips

    @cached_property
    def headings(self) -> list[Heading]:
        """Header cells."""
        found = []
        for column in self.columns:
            order = ""
            if column.sort and column.key == self.sort.removeprefix("-"):
                order = "descending" if self.sort.startswith("-") else "ascending"
            turned = f"-{column.key}" if order == "ascending" else column.key
            found.append(Heading(column, order, self.url(sort=turned) if column.sort else ""))
        return found

    @property
    def sorts(self) -> list[Heading]:
        """Header cells by which one can sort: a menu on a phone, where cards have no header."""
        return [heading for heading in self.headings if heading.url]

    def lines(self) -> Iterator[list[Cell]]:
        """Cells of the rows of this page."""
        for row in self.shown:
            yield [Cell(c, c.of(row), (c.link(row) or "") if c.link else "") for c in self.columns]

    @property
    def body(self) -> SafeString:
        """Rows of the table as the page shows them, with a box to tick where rows can be ticked."""
        tick = _("选中“%(row)s”")
        rows = []
        for row, line in zip(self.shown, self.lines(), strict=True):
            box = format_html(_TICK, row.pk, tick % {"row": row}) if self.bulk else ""
            rows.append(f'<tr role="row">{box}{"".join(cell.html for cell in line)}</tr>')
        return mark_safe("\n".join(rows))

    @cached_property
    def pages(self) -> list[Link | None]:
        """Links of the pager; None stands for pages left out."""
        paginator = self.page.paginator
        return [
            Link(str(number), self.url(page=str(number)), number == self.page.number)
            if isinstance(number, int)
            else None
            for number in paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        ]

    @property
    def previous_url(self) -> str:
        """Address of the page before, "" on the first."""
        return self.url(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """Address of the page after, "" on the last."""
        return self.url(page=str(self.page.number + 1)) if self.page.has_next() else ""

    # Excel

    @property
    def wants_export(self) -> bool:
        """Whether the address asks for the Excel file."""
        return bool(self.export_name) and self.request.GET.get("export") == "xlsx"

    def export(self) -> FileResponse:
        """Excel file of all rows that search and filters leave, not of this page only."""
        return excel.download(
            self.export_name,
            [excel.Head(column.heading, column.kind, column.wide) for column in self.columns],
            ([column.of(row) for column in self.columns] for row in self.rows.iterator(chunk_size=1000)),
        )
