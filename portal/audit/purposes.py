"""Why somebody looks, in the portal's own words: written in the log, and told to the person it is about."""

from __future__ import annotations

from portal.phrases import N_

CASE_HANDLING = "case handling"
LOGGING_IN = "logging in"
APPLYING = "applying"
DECIDING = "deciding"
APPROVING = "approving"
PAYMENTS = "payments"
ENQUIRY = "enquiry"
SPOT_CHECK = "spot check"
SUSPICION = "suspicion"

WORDS = {
    CASE_HANDLING: N_("To handle the case"),
    LOGGING_IN: N_("To see that you can log in"),
    APPLYING: N_("So that you do not have to type what is already known when you apply"),
    DECIDING: N_("To decide the application"),
    APPROVING: N_("To show you what you were asked to approve"),
    PAYMENTS: N_("To show you what you will pay"),
    ENQUIRY: N_("To answer a question from the person the data is about"),
    SPOT_CHECK: N_("To check on a sample that nobody looks without a reason"),
    SUSPICION: N_("To find out whether somebody has looked without a reason"),
}
"""What a person reads, by the word in the log."""

OF_AUDITORS = (ENQUIRY, SPOT_CHECK, SUSPICION)
"""What an auditor may search the log for."""
