"""Pages for what went wrong: each says what happened and what to do, in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from anlan.foundation.access.acting import Refused
from anlan.foundation.screens.texts import language


def failure(request: HttpRequest, status: int, title: str, text: str, steps: Sequence[str]) -> HttpResponse:
    """Page of one failure: what happened, and what one can do.

    Its id is that of the log, which an administrator can look up. Inside the frame for those who are signed in; a
    program gets it in the one shape of the API's errors.
    """
    if request.path.startswith("/api/"):
        fault = {"code": f"http_{status}", "field": "", "message": f"{title}{_('：')}{text}"}
        return JsonResponse({"error": fault, "errors": [fault]}, status=status)
    context = {
        "title": title,
        "text": text,
        "steps": steps,
        "status": status,
        "id": getattr(request, "id", ""),
        # A request that failed in the middleware has no session and no user yet.
        "base": "base.html" if getattr(getattr(request, "user", None), "is_authenticated", False) else "bare.html",
    }
    return render(request, "web/failure.html", context, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read; 413 where it is only too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return failure(
        request,
        400,
        _("请求读不懂"),
        _("服务器收到的请求不完整或格式不对。"),
        [_("返回上一页，刷新后再试一次。"), _("若是从别处复制的网址，请核对是否复制完整。")],
    )


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the account may not; says what it may not, in the words of the permission."""
    told = exception.words.speak(language()) if isinstance(exception, Refused) else _("您的账户没有打开此页的权限。")
    return failure(
        request,
        403,
        _("没有权限"),
        told,
        [_("若工作需要，请向本单位负责人说明，由安全管理员授权。"), _("若刚刚获得授权，请刷新此页。")],
    )


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is at this address."""
    said = exception.args[0] if exception is not None and exception.args else ""
    # Django's own words for an address without a page are a dictionary, and those of get_object_or_404 are English.
    told = said if isinstance(said, str) and not said.startswith("No ") else ""
    return failure(
        request,
        404,
        _("没有这一页"),
        told or _("“%(path)s”不存在，或者不在您可以查看的范围内。") % {"path": request.path[:200]},
        [_("请核对网址是否完整。"), _("可以在上方搜索，或从菜单进入。")],
    )


@requires_csrf_token
def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """413: more was sent than is taken."""
    return failure(
        request,
        413,
        _("提交的内容太大"),
        _("一次提交的内容超过了上限，没有收下，原有数据没有变。"),
        [_("文件请分几次上传，或压缩图片后再传。"), _("上限由系统管理员用 ANLAN_MAX_FILE_MB 设定。")],
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of the product. The page needs no database, no session and no template of a room."""
    context = {"id": getattr(request, "id", ""), "english": language() == "en"}
    # Without the request, so that no context processor runs: what broke may be what they need.
    return render(None, "500.html", context, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open too long, or came from elsewhere."""
    return failure(
        request,
        403,
        _("表单已过期"),
        _("这张表单打开得太久，或者期间重新登录过，因此没有提交；数据没有变。"),
        [
            _("返回上一页，先把已填的内容复制下来。"),
            _("刷新页面后重新填写并提交。"),
            _("若总是如此，请允许浏览器保存本站的 Cookie。"),
        ],
    )
