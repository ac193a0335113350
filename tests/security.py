"""Which tests are about security: the one list. `make test-security` runs them; each gets the mark `security`.

A name that ends in / is a folder. `python -m tests.security` says what will be run.
"""

from __future__ import annotations

ABOUT = {
    "who gets in": (
        "tests/portal/identity/",
        "tests/stand_ins/test_eid.py",
        "tests/portal/web/test_abandoned_logins.py",
        "tests/portal/web/test_backchannel.py",
        "tests/portal/web/test_certified_eid.py",
        "tests/portal/web/test_cookies.py",
        "tests/portal/web/test_foreign_posts.py",
        "tests/portal/web/test_refused_logins.py",
        "tests/portal/web/test_session_names.py",
        "tests/portal/web/test_session_routes.py",
        "tests/portal/web/test_sessions.py",
        "tests/portal/web/test_sessions_that_end.py",
        "tests/portal/web/test_silent_eid.py",
        "tests/portal/web/test_standing.py",
        "tests/portal/web/test_staying.py",
        "tests/portal/web/test_step_up.py",
        "tests/portal/web/test_ways_back.py",
    ),
    "who may do what": (
        "tests/meta/test_access.py",
        "tests/portal/cases/test_consent.py",
        "tests/portal/cases/test_consent_figures.py",
        "tests/portal/cases/test_never_worked_out.py",
        "tests/portal/cases/test_queue.py",
        "tests/portal/web/back_office/test_case_page.py",
        "tests/portal/web/back_office/test_deciding.py",
        "tests/portal/web/back_office/test_only_what_is_shown.py",
        "tests/portal/web/back_office/test_queue_page.py",
        "tests/portal/web/test_drafts.py",
        "tests/portal/web/test_mass_assignment.py",
        "tests/portal/web/test_matrix.py",
        "tests/portal/web/test_mine.py",
        "tests/portal/web/test_once.py",
        "tests/portal/web/test_open_drafts.py",
        "tests/portal/web/test_other_people.py",
        "tests/portal/web/test_payer.py",
    ),
    "who looked": (
        "tests/portal/audit/",
        "tests/portal/cli/test_audit.py",
        "tests/portal/web/audit/",
        "tests/portal/web/test_who_has_looked.py",
    ),
    "what is stored, and what is never told": (
        "tests/portal/storage/",
        "tests/portal/test_breaker.py",
        "tests/portal/registers/test_hidden.py",
        "tests/portal/registers/test_http.py",
        "tests/portal/registers/test_registers.py",
        "tests/portal/cli/test_demo.py",
        "tests/portal/web/test_log_lines.py",
        "tests/portal/web/test_logs.py",
        "tests/portal/web/test_nothing_outside.py",
        "tests/portal/web/back_office/test_protection.py",
        "tests/journeys/test_paths.py",
        "tests/portal/test_private_database.py",
        "tests/portal/test_readiness.py",
        "tests/meta/test_no_real_numbers.py",
    ),
    "what is sent in, read and drawn": (
        "tests/portal/journey/test_amounts.py",
        "tests/portal/journey/test_scanners.py",
        "tests/portal/journey/test_uploads.py",
        "tests/portal/journey/test_protected_adults.py",
        "tests/portal/post/test_letters.py",
        "tests/portal/post/test_memo.py",
        "tests/portal/post/test_memo_rules.py",
        "tests/portal/post/test_pdf.py",
        "tests/portal/web/test_bad_input.py",
        "tests/portal/web/test_csv_files.py",
        "tests/portal/web/test_files.py",
        "tests/portal/web/test_files_that_wait.py",
        "tests/portal/web/test_request_size.py",
        "tests/portal/test_i18n.py",
        "tests/templates/test_fields.py",
        "tests/templates/test_pages.py",
    ),
    "the web": (
        "tests/portal/cli/test_switch.py",
        "tests/portal/web/test_closed.py",
        "tests/portal/web/test_errors.py",
        "tests/portal/web/test_headers.py",
        "tests/portal/web/test_health.py",
        "tests/portal/web/test_limits.py",
        "tests/portal/web/test_looking_changes_nothing.py",
        "tests/portal/web/test_methods.py",
        "tests/portal/web/test_nothing_of_the_inside.py",
        "tests/portal/web/test_security_txt.py",
        "tests/portal/web/test_static_files.py",
    ),
    "the code itself": (
        "tests/meta/test_dangerous.py",
        "tests/meta/test_floors.py",
        "tests/meta/test_imports.py",
        "tests/meta/test_requirements.py",
        "tests/meta/test_security_doc.py",
        "tests/meta/test_security_list.py",
        "tests/meta/test_templates.py",
        "tests/meta/test_vendored_assets.py",
        "tests/tools/test_openapi.py",
        "tests/tools/test_sbom.py",
    ),
}
PATHS = tuple(path for paths in ABOUT.values() for path in paths)


def is_about_security(path: str) -> bool:
    """Whether a test file, named from the project's folder, is on the list."""
    return any(path == listed or (listed.endswith("/") and path.startswith(listed)) for listed in PATHS)


def main() -> None:
    """Say what will be run."""
    print("Tests about security, the walks over every route (test_matrix.py, test_headers.py) among them:")
    for about, paths in ABOUT.items():
        print(f"  {about}:")
        for path in paths:
            print(f"    {path}")


if __name__ == "__main__":
    main()
