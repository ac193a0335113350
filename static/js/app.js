// Comfort only: every page works without this file. No dependencies, nothing stored, nothing sent but what is typed in a
// field that asks for a check, and the question how long one is still logged in.
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

  // Five minutes before the session ends it is said once, politely; focus stays where it is. The server is asked each time,
  // because work in another tab counts too, and asking does not make the session longer.
  function watchSession() {
    var notice = document.getElementById("session-notice");
    if (!notice) return;
    var words = notice.querySelector("[role=status]");
    var stay = notice.querySelector("button");
    var again = notice.querySelector("a");
    var warn = Number(notice.dataset.warn);
    var warned = false;
    var before = null;
    var next;
    var hiding;

    function later(seconds) {
      window.clearTimeout(next);
      next = window.setTimeout(look, Math.max(1, seconds) * 1000);
    }

    function ask(address, method) {
      return fetch(address, { method: method, cache: "no-store", headers: { Accept: "application/json", "X-CSRFToken": token({}) } }).then(
        function (answer) {
          if (!answer.ok) throw new Error("no answer");
          return answer.json();
        }
      );
    }

    function look() {
      ask(notice.dataset.status, "GET").then(tell, function () {
        later(30);
      });
    }

    function tell(end) {
      if (end.left > warn) later(end.left - warn);
      else if (end.left > 0) later(Math.min(60, end.left));
      whenReleased(function () {
        if (end.left <= warn) show(end);
        else if (warned) hide(end);
      });
    }

    function say(text) {
      // The same words again would be read out again.
      if (words.textContent !== text) words.textContent = text;
    }

    function show(end) {
      window.clearTimeout(hiding);
      warned = true;
      leave(end.can_extend ? null : stay);
      stay.hidden = !end.can_extend;
      again.hidden = end.can_extend;
      document.body.classList.add("session-warned");
      notice.classList.add("session-notice--shown");
      say(end.words);
    }

    function hide(end) {
      warned = false;
      leave(stay);
      stay.hidden = again.hidden = true;
      say(end.words);
      hiding = window.setTimeout(function () {
        whenReleased(function () {
          notice.classList.remove("session-notice--shown");
          words.textContent = "";
        });
      }, 10000);
    }

    // A button that goes away gives focus back to where it came from.
    function leave(button) {
      if (!button || document.activeElement !== button) return;
      (before && before.isConnected ? before : document.getElementById("main-content")).focus({ preventScroll: true });
    }

    stay.addEventListener("focus", function (event) {
      before = event.relatedTarget;
    });
    stay.addEventListener("click", function () {
      ask(notice.dataset.extend, "POST").then(tell, function () {
        say(notice.dataset.failed);
      });
    });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "visible") look();
    });
    later(Number(notice.dataset.left) - warn);
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
