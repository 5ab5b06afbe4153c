(function () {
  "use strict";
  // By ear and on the keyboard the same words are in the list at the end of each section.
  var tip = document.getElementById("tip"), shown = null, pinned = false;
  function show(figure) {
    var note = document.getElementById(figure.dataset.note);
    if (!note) { return; }
    shown = figure;
    tip.textContent = note.textContent;
    tip.hidden = false;
    var box = figure.getBoundingClientRect(), wide = document.documentElement.clientWidth;
    tip.style.left = Math.max(8, Math.min(box.left, wide - tip.offsetWidth - 8)) + window.scrollX + "px";
    tip.style.top = box.bottom + window.scrollY + 4 + "px";
  }
  function hide() {
    tip.hidden = true;
    pinned = false;
    shown = null;
  }
  Array.prototype.forEach.call(document.querySelectorAll(".figure"), function (figure) {
    figure.addEventListener("mouseenter", function () { if (!pinned) { show(figure); } });
    figure.addEventListener("mouseleave", function (event) {
      if (!pinned && event.relatedTarget !== tip) { hide(); }
    });
    figure.addEventListener("click", function () {
      if (pinned && shown === figure) { hide(); } else { show(figure); pinned = true; }
    });
  });
  tip.addEventListener("mouseleave", function () { if (!pinned) { hide(); } });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });
  document.addEventListener("click", function (event) {
    if (pinned && !event.target.closest(".figure, #tip")) { hide(); }
  });
})();
