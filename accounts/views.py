"""Staff sign in and out, become the first administrator, and set how the pages look."""

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import AdministratorForm, PasswordForm, PreferencesForm, SignInForm
from accounts.models import User
from core.access import public, staff_any
from core.http import StaffRequest, safe_next, say_and_go

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """This will sign a member of staff in and lead to the page that was asked for."""
    target = safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated and request.user.kind == User.Kind.STAFF:
        return redirect(target)
    form = SignInForm(request, request.POST or None)
    if form.is_valid() and form.user:
        login(request, form.user)
        return redirect(target)
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "tries": settings.AXES_FAILURE_LIMIT,
        "pause_minutes": int(settings.AXES_COOLOFF_TIME * 60),
    }
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


@require_POST
@staff_any
def sign_out(request: HttpRequest) -> HttpResponse:
    """This will end the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
@public
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """This will make the holder of the one-use link the first administrator."""
    if not actions.administrator_link_is_open(token):
        return render(request, "accounts/link_used.html", status=410)
    form = AdministratorForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.become_administrator(token=token, **form.cleaned_data)
        except actions.UsernameTakenError:
            form.add_error("username", "Somebody already has this username")
        except actions.LinkUsedError:
            return render(request, "accounts/link_used.html", status=410)
        else:
            login(request, person, backend=BACKEND)
            return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.errors else 200
    return render(request, "accounts/first_administrator.html", {"form": form}, status=status)


@staff_any
def preferences(request: StaffRequest) -> HttpResponse:
    """This will show and store how the pages look for this person."""
    user = request.user
    given = {"theme": user.theme, "single_keys": user.single_keys}
    form = PreferencesForm(request.POST or None, initial=given)
    if form.is_valid():
        actions.save_preferences(user=user, **form.cleaned_data)
        return say_and_go(request, "Settings saved", "accounts:preferences")
    return _preferences_page(request, form, PasswordForm(user))


@require_POST
@staff_any
def single_keys(request: StaffRequest) -> HttpResponse:
    """This will switch single-key shortcuts on or off, from the list of shortcuts."""
    wanted = "single_keys" in request.POST
    actions.save_preferences(user=request.user, theme=request.user.theme, single_keys=wanted)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return say_and_go(request, "Settings saved", "accounts:preferences")


@sensitive_post_parameters("current", "new")
@require_POST
@staff_any
def change_password(request: StaffRequest) -> HttpResponse:
    """This will set a new password, sign other sessions out and keep this one."""
    form = PasswordForm(request.user, request.POST)
    if form.is_valid():
        user = actions.set_password(user=request.user, password=form.cleaned_data["new"])
        update_session_auth_hash(request, user)
        return say_and_go(request, "Password changed", "accounts:preferences")
    look = {"theme": request.user.theme, "single_keys": request.user.single_keys}
    return _preferences_page(request, PreferencesForm(initial=look), form)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will name the right that is missing and who can give it; wired as `handler403`."""
    code = str(exception) if exception else ""
    app, _, codename = code.partition(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    context = {
        "code": code if right else "",
        "right": right.name if right else "",
        "roles": _roles_of(request),
        "givers": _givers() if right else "",
    }
    return render(request, "403.html", context, status=403)


def _preferences_page(
    request: StaffRequest, form: PreferencesForm, password_form: PasswordForm
) -> HttpResponse:
    context = {"look_form": form, "form": password_form, "roles": _roles_of(request)}
    status = 422 if form.errors or password_form.errors else 200
    return render(request, "accounts/preferences.html", context, status=status)


def _roles_of(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    return " and ".join(request.user.groups.order_by("name").values_list("name", flat=True))


def _givers() -> str:
    people = User.objects.filter(is_superuser=True, is_active=True).order_by("username")[:3]
    return " or ".join(str(person) for person in people)
