// Comfort only: every page works without this file. No dependencies, nothing stored, nothing sent but what is typed in a
// field that asks for a check.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // The server marks the summary with autofocus. Browsers skip that when a fragment is in the address or the page comes
  // back by the back button.
  function focusErrors() {
    var summary = document.querySelector("[data-module=error-summary]");
    if (summary && document.activeElement === document.body) summary.focus();
  }

  // One press sends once. The button is not disabled: a disabled button loses focus, and its name=value is not sent.
  function sendOnce(event) {
    var form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    // When the network fails the page stays, and the person must be able to try again.
    window.setTimeout(allowAgain, 8000);
  }

  // Back from the next page: the browser may show this one as it was left.
  function allowAgain() {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach(function (button) {
        button.removeAttribute("aria-disabled");
      });
    });
  }

  function token(field) {
    var meta = document.querySelector("meta[name=csrf-token]");
    if (meta) return meta.content;
    var hidden = field.form && field.form.elements.csrf_token;
    return hidden ? hidden.value : "";
  }

  function show(field, message) {
    var slot = document.getElementById(field.id + "-error");
    if (!slot) return;
    var described = (field.getAttribute("aria-describedby") || "").split(" ").filter(function (id) {
      return id && id !== slot.id;
    });
    slot.textContent = "";
    if (message) {
      var prefix = document.createElement("span");
      prefix.className = "sr-only";
      prefix.textContent = document.body.dataset.errorPrefix || "";
      slot.append(prefix, message);
      described.push(slot.id);
      field.setAttribute("aria-invalid", "true");
    } else {
      field.removeAttribute("aria-invalid");
    }
    if (described.length) field.setAttribute("aria-describedby", described.join(" "));
    else field.removeAttribute("aria-describedby");
    field.closest(".form-group").classList.toggle("form-error", Boolean(message));
  }

  // A message that comes or goes moves the buttons; a press that has begun must still land on its button.
  var pressed = false;
  var waiting = [];
  function whenReleased(act) {
    if (pressed) waiting.push(act);
    else act();
  }
  document.addEventListener("pointerdown", function () {
    pressed = true;
  }, true);
  function released() {
    // After the click that follows the release.
    window.setTimeout(function () {
      pressed = false;
      waiting.splice(0).forEach(function (act) {
        act();
      });
    }, 0);
  }
  document.addEventListener("pointerup", released, true);
  document.addEventListener("pointercancel", released, true);

  // Only what was typed is checked, when the person has left the field; the server checks all again when it is sent.
  function check(event) {
    var field = event.target;
    if (!field.dataset || !field.dataset.check) return;
    // What the server said stands until the page is sent again: the summary and the title speak of it too.
    if (document.querySelector(".error-summary")) return;
    var value = field.value.trim();
    if (!value) {
      show(field, "");
      return;
    }
    fetch("/check-field", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(field) },
      body: JSON.stringify({ kind: field.dataset.check, value: value })
    })
      .then(function (answer) {
        return answer.ok ? answer.json() : null;
      })
      .then(function (answer) {
        if (answer && field.value.trim() === value) whenReleased(function () {
          show(field, answer.message || "");
        });
      })
      .catch(function () {
        // The check is a comfort; without an answer the field stays as it is.
      });
  }

  // Five minutes before the session ends, said once and politely. The event is for pages that can do more.
  function watchSession() {
    var seconds = Number(document.body.dataset.sessionSeconds);
    var status = document.getElementById("page-status");
    if (!seconds || !status) return;
    window.setTimeout(function () {
      status.textContent = document.body.dataset.sessionText;
      document.dispatchEvent(new CustomEvent("portal:session-ending"));
    }, Math.max(0, seconds - 300) * 1000);
  }

  document.addEventListener("submit", sendOnce);
  document.addEventListener("change", check);
  window.addEventListener("pageshow", function () {
    allowAgain();
    // In a frame the browser's own autofocus comes first; it complains in the console when it comes second.
    window.requestAnimationFrame(focusErrors);
  });
  watchSession();
})();
