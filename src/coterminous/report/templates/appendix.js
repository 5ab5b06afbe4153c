(function () {
  "use strict";
  var tip = document.getElementById("tip"), shown = null, pinned = false;
  function show(link) {
    var note = document.querySelector(link.getAttribute("href"));
    if (!note) { return; }
    if (shown) { shown.removeAttribute("aria-describedby"); }
    shown = link;
    tip.textContent = note.textContent;
    tip.hidden = false;
    link.setAttribute("aria-describedby", "tip");
    var box = link.getBoundingClientRect(), wide = document.documentElement.clientWidth;
    tip.style.left = Math.max(8, Math.min(box.left, wide - tip.offsetWidth - 8)) + window.scrollX + "px";
    tip.style.top = box.bottom + window.scrollY + 4 + "px";
  }
  function hide() {
    tip.hidden = true;
    pinned = false;
    if (shown) { shown.removeAttribute("aria-describedby"); shown = null; }
  }
  Array.prototype.forEach.call(document.querySelectorAll("a.figure"), function (link) {
    link.addEventListener("mouseenter", function () { if (!pinned) { show(link); } });
    link.addEventListener("focus", function () { if (!pinned) { show(link); } });
    link.addEventListener("blur", function () { if (!pinned) { hide(); } });
    link.addEventListener("mouseleave", function (event) {
      if (!pinned && event.relatedTarget !== tip) { hide(); }
    });
    link.addEventListener("click", function (event) {
      event.preventDefault();
      if (pinned && shown === link) { hide(); } else { show(link); pinned = true; }
    });
  });
  tip.addEventListener("mouseleave", function () { if (!pinned) { hide(); } });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });
  document.addEventListener("click", function (event) {
    if (pinned && !event.target.closest("a.figure, #tip")) { hide(); }
  });
})();
