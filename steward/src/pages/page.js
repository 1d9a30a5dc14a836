// The pages that links in mails lead to. Each is one form that sends the token of the link, which stands behind `#` and
// so reaches no server's log, to one operation of the API.
"use strict";

const TEXTS = {
  en: {
    set_up_title: "Set up your account",
    set_up_intro: "Choose a password for your new account.",
    set_up_done_title: "Your account is ready",
    set_up_done: "You can log in now as {email}.",
    choose_title: "Choose a new password",
    choose_intro: "It replaces the one that you have now. All your devices are logged out.",
    choose_done_title: "Your password is changed",
    choose_done: "You can log in now with the new password.",
    name: "Your name",
    password: "Password",
    password_hint: "At least 12 characters. A few unrelated words are easy to remember and hard to guess.",
    show_password: "Show the password",
    set_up_button: "Set up the account",
    choose_button: "Change the password",
    gone_title: "This link no longer works",
    gone: "It was used, has expired, or was replaced by a newer one. Ask for a new link where you got this one.",
    name_missing: "Enter your name.",
    password_short: "Enter at least 12 characters.",
    later: "The server is busy. Wait a moment, then try again.",
    offline: "The server did not answer. Check your connection, then try again.",
  },
  es: {
    set_up_title: "Configure su cuenta",
    set_up_intro: "Elija una contraseña para su cuenta nueva.",
    set_up_done_title: "Su cuenta está lista",
    set_up_done: "Ya puede iniciar sesión como {email}.",
    choose_title: "Elija una contraseña nueva",
    choose_intro: "Sustituye a la que tiene ahora. Se cierra la sesión en todos sus dispositivos.",
    choose_done_title: "Su contraseña ha cambiado",
    choose_done: "Ya puede iniciar sesión con la contraseña nueva.",
    name: "Su nombre",
    password: "Contraseña",
    password_hint: "Al menos 12 caracteres. Unas cuantas palabras sin relación son fáciles de recordar y difíciles de adivinar.",
    show_password: "Mostrar la contraseña",
    set_up_button: "Configurar la cuenta",
    choose_button: "Cambiar la contraseña",
    gone_title: "Este enlace ya no funciona",
    gone: "Ya se usó, ha caducado o lo sustituye uno más reciente. Pida otro enlace donde recibió este.",
    name_missing: "Escriba su nombre.",
    password_short: "Escriba al menos 12 caracteres.",
    later: "El servidor está ocupado. Espere un momento y vuelva a intentarlo.",
    offline: "El servidor no ha respondido. Compruebe su conexión y vuelva a intentarlo.",
  },
};

const LEAST_CHARACTERS = 12;

const wanted = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
const language = wanted.find((tag) => tag in TEXTS) ?? "en";
const texts = TEXTS[language];
const form = document.querySelector("form");
const act = form.dataset.act;
const field = (name) => form.elements.namedItem(name);

function write(element, key) {
  element.textContent = texts[key];
}

function title(key) {
  write(document.querySelector("h1"), key);
  document.title = texts[key];
}

/** Replaces the form with an outcome, which screen readers announce. */
function end(titleKey, text) {
  form.hidden = true;
  title(titleKey);
  const outcome = document.getElementById("outcome");
  outcome.textContent = text;
  outcome.focus();
}

/** Shows a fault at its field, or below the form when it belongs to none. */
function fault(name, text) {
  const input = name ? field(name) : null;
  const place = document.getElementById(`${input ? name : "form"}-fault`);
  place.textContent = text;
  place.hidden = text === "";
  if (input) {
    input.setAttribute("aria-invalid", String(text !== ""));
    if (text !== "") input.focus();
  }
}

/** What the API said of a field, or of the whole. The texts of problems are in English. */
function tell(problem) {
  const errors = problem.errors ?? [];
  const named = errors.filter((error) => field((error.pointer ?? "").replace("#/", "")));
  if (named.length === 0) return fault(null, problem.detail ?? texts.later);
  for (const error of named.reverse()) fault(error.pointer.replace("#/", ""), error.detail);
}

async function send(body) {
  const answer = await fetch(`../api/v1/${form.dataset.operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  const text = await answer.text();
  const told = text === "" ? {} : JSON.parse(text);
  if (answer.ok) return end(`${act}_done_title`, texts[`${act}_done`].replace("{email}", told.email ?? ""));
  if (answer.status === 410) return end("gone_title", texts.gone);
  if (answer.status === 429 || answer.status >= 500) return fault(null, texts.later);
  return tell(told);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = field("name");
  for (const place of ["name", "password", null]) if (place === null || field(place)) fault(place, "");
  const password = field("password").value;
  if ([...password].length < LEAST_CHARACTERS) fault("password", texts.password_short);
  if (name && name.value.trim() === "") fault("name", texts.name_missing);
  if (form.querySelector("[aria-invalid='true']")) return;
  const button = form.querySelector("button");
  button.disabled = true;
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  try {
    await send(name ? { token, name: name.value.trim(), password } : { token, password });
  } catch {
    fault(null, texts.offline);
  }
  button.disabled = false;
});

document.getElementById("show").addEventListener("change", (event) => {
  field("password").type = event.target.checked ? "text" : "password";
});

document.documentElement.lang = language;
title(`${act}_title`);
for (const element of document.querySelectorAll("[data-text]")) write(element, element.dataset.text);
document.querySelector("main").hidden = false;
if (!new URLSearchParams(location.hash.slice(1)).get("token")) end("gone_title", texts.gone);
