/* What makes typing and finding quicker. Every page works without it. */
(function () {
  "use strict";

  /* 万元 beside 亿元: the slip between the two is the commonest error. */
  function plainAmount(text) {
    var digits = text.replace(/[０-９．－]/g, function (sign) {
      return String.fromCharCode(sign.charCodeAt(0) - 0xfee0);
    }).replace(/[,，\s]/g, "").replace(/[−—]/g, "-").replace(/万元?$/, "");
    var amount = digits.replace(/亿元?$/, "");
    return /^-?\d+(\.\d+)?$/.test(amount) ? Number(amount) * (amount === digits ? 1 : 10000) : null;
  }

  function yiWords(text) {
    var amount = plainAmount(text);
    if (amount === null || text.trim() === "") { return ""; }
    var yi = (Math.abs(amount) / 10000).toFixed(4).replace(/0+$/, "").replace(/\.$/, "");
    return "= " + (amount < 0 ? "−" : "") + yi + " 亿元";
  }

  /* A date as it will be read: to the day, the month, the quarter or the year. */
  var QUARTERS = "一二三四";
  var NO_SUCH_DATE = "没有这一天或这个月，请核对";
  var DATES = [
    [/^(\d{4})(\d{2})(\d{2})$/, dayWords],
    [/^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/, dayWords],
    [/^(\d{4})[-./年](\d{1,2})月?$/, monthWords],
    [/^(\d{4})年?第?([1-4一二三四])季度?$/, quarterWords],
    [/^(\d{4})[-.]?[Qq]([1-4])$/, quarterWords],
    [/^(\d{4})年?$/, function (year) { return year + "年"; }]
  ];

  function dayWords(year, month, day) {
    var date = new Date(Number(year), Number(month) - 1, Number(day));
    var real = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
    return real ? year + "年" + Number(month) + "月" + Number(day) + "日" : null;
  }

  function monthWords(year, month) {
    return Number(month) >= 1 && Number(month) <= 12 ? year + "年" + Number(month) + "月" : null;
  }

  function quarterWords(year, quarter) {
    return year + "年" + QUARTERS[("1234" + QUARTERS).indexOf(quarter) % 4] + "季度";
  }

  function dateWords(text) {
    var written = text.replace(/\s/g, "");
    for (var i = 0; i < DATES.length; i += 1) {
      var match = DATES[i][0].exec(written);
      if (match) {
        var words = DATES[i][1].apply(null, match.slice(1));
        return words === null ? NO_SUCH_DATE : words === written ? "" : "读作 " + words;
      }
    }
    return "";
  }

  function speakBeside(input, words) {
    var place = document.getElementById(input.id + "_understood");
    if (!place) { return; }
    place.textContent = words(input.value);
    place.classList.toggle("wrong", place.textContent === NO_SUCH_DATE);
  }

  function attend(selector, words) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), function (input) {
      input.addEventListener("input", function () { speakBeside(input, words); });
      speakBeside(input, words);
    });
  }

  /* Open panels close when one goes elsewhere. */
  function closePanels(except) {
    Array.prototype.forEach.call(document.querySelectorAll("details.menu[open], details.pick[open]"), function (panel) {
      if (!except || !panel.contains(except)) { panel.removeAttribute("open"); }
    });
  }

  function countChosen(form) {
    Array.prototype.forEach.call(form.querySelectorAll("details.pick"), function (pick) {
      var chosen = pick.querySelectorAll("input:checked").length;
      Array.prototype.forEach.call(pick.querySelectorAll(".panel input[type=text], .panel select"), function (input) {
        chosen += input.value ? 1 : 0;
      });
      var place = pick.querySelector(".chosen");
      if (place) { place.textContent = chosen ? "（" + chosen + "）" : ""; }
    });
  }

  /* Questions that only one answer to another question raises. */
  function askWhatFollows(form) {
    Array.prototype.forEach.call(form.querySelectorAll("[data-shown-when]"), function (part) {
      var asked = form.elements[part.getAttribute("data-shown-when")];
      var answer = asked.type === "checkbox" ? String(asked.checked) : asked.value;
      part.hidden = answer !== part.getAttribute("data-shown-for");
    });
  }

  /* Parts of a whole, added up in hundredths while they are typed. */
  function addUp(form) {
    var total = 0;
    Array.prototype.forEach.call(form.querySelectorAll("input[data-part]"), function (input) {
      var part = plainAmount(input.value.replace(/[%％]\s*$/, ""));
      total += part === null ? 0 : Math.round(part * 100);
    });
    var place = form.querySelector("[data-sum]");
    place.textContent = (total / 100) + "%";
    place.classList.toggle("wrong", total !== 10000);
  }

  /* Names beside a formula: a click writes one where the caret is; typing leaves those that fit the word begun. */
  function wordBefore(box) {
    var found = /[^\s+\-*/=<>(),%，（）×÷≥≤≠]*$/.exec(box.value.slice(0, box.selectionStart));
    return found ? found[0] : "";
  }

  function writeName(box, name) {
    var end = box.selectionStart, start = end - wordBefore(box).length;
    box.value = box.value.slice(0, start) + name + box.value.slice(box.selectionEnd);
    box.focus();
    box.setSelectionRange(start + name.length, start + name.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function offerNames(list) {
    var box = document.getElementById(list.getAttribute("data-for"));
    if (!box || list.getAttribute("data-ready")) { return; }
    list.setAttribute("data-ready", "1");
    Array.prototype.forEach.call(list.querySelectorAll("code[data-name]"), function (code) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = code.textContent;
      button.addEventListener("click", function () { writeName(box, code.getAttribute("data-name") || code.textContent); });
      code.parentNode.replaceChild(button, code);
    });
    box.addEventListener("input", function () {
      var begun = wordBefore(box).toUpperCase(), buttons = list.querySelectorAll("button");
      var fitting = Array.prototype.filter.call(buttons, function (button) { return button.textContent.toUpperCase().indexOf(begun) >= 0; });
      Array.prototype.forEach.call(buttons, function (button) { button.hidden = fitting.length > 0 && fitting.indexOf(button) < 0; });
    });
  }

  function offerAllNames() { Array.prototype.forEach.call(document.querySelectorAll(".name-list[data-for]"), offerNames); }

  document.addEventListener("click", function (event) {
    closePanels(event.target);
    if (event.target.hasAttribute("data-print")) { window.print(); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var open = document.querySelector("details.menu[open], details.pick[open]");
    closePanels(null);
    if (open) { open.querySelector("summary").focus(); }
  });

  /* A link to something folded up unfolds it. */
  function unfoldTarget() {
    var target = document.getElementById(window.location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.setAttribute("open", ""); }
  }

  /* A block copied in Excel and pasted into a box goes into the boxes to the right and below. */
  function boxIn(row, column) {
    return row && row.cells[column] ? row.cells[column].querySelector("input[type=text], select") : null;
  }

  function spread(event) {
    var text = (event.clipboardData || window.clipboardData).getData("text").replace(/\r?\n$/, "");
    var cell = event.target.closest("td");
    if (!cell || !/[\t\n]/.test(text)) { return; }
    event.preventDefault();
    var rows = cell.parentNode.parentNode.rows, found = [], fits = true;
    text.split(/\r?\n/).forEach(function (line, down) {
      line.split("\t").forEach(function (said, right) {
        var box = boxIn(rows[cell.parentNode.sectionRowIndex + down], cell.cellIndex + right);
        fits = fits && box && box.tagName === "INPUT" && /^[^\u4e00-\u9fff]*[万亿元]*$/.test(said);
        found.push([box, said.trim()]);
      });
    });
    if (fits) { found.forEach(function (pair) { pair[0].value = pair[1]; }); } else { askToPlace(event.target.form, text); }
  }

  /* With names, or more than there is room for: the server finds the places or says why it can't. */
  function askToPlace(form, text) {
    form.elements.paste.value = text;
    form.querySelector("button[value=paste]").click();
  }

  window.addEventListener("hashchange", unfoldTarget);
  document.addEventListener("DOMContentLoaded", function () {
    unfoldTarget();
    attend("input[data-wan]", yiWords);
    attend("input[data-date]", dateWords);
    offerAllNames();
    var filters = document.querySelector("form.filters");
    if (filters) {
      filters.addEventListener("change", function () { countChosen(filters); });
    }
    var parts = document.querySelector("form[data-parts]");
    if (parts) {
      parts.addEventListener("input", function () { addUp(parts); });
      addUp(parts);
    }
    var grid = document.querySelector(".figure-grid");
    if (grid) { grid.addEventListener("paste", spread); }
    var builder = document.querySelector("form.builder");
    if (builder) {
      builder.addEventListener("change", function () { askWhatFollows(builder); });
      askWhatFollows(builder);
    }
    var summary = document.querySelector(".error-summary");
    if (summary) { summary.focus(); }
  });

  /* An address without what was left empty: it can be read, sent and kept. */
  document.addEventListener("htmx:configRequest", function (event) {
    var given = event.detail.parameters;
    if (!event.detail.elt.matches("form.filters")) { return; }
    Object.keys(given).forEach(function (name) { if (given[name] === "") { delete given[name]; } });
    var sort = new URLSearchParams(window.location.search).get("sort");
    if (sort) { given.sort = sort; }
  });
  document.addEventListener("htmx:afterSettle", offerAllNames);
  /* What a list can't do is explained on a page of its own. */
  document.addEventListener("htmx:responseError", function (event) {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  });
}());
