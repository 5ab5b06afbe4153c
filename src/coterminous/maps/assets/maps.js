// What the map does when it is clicked, searched or reached by keyboard. Names arrive as numeric
// character references, which are safe as HTML; `text` turns them back where plain text is wanted.
(function () {
  "use strict";
  var still = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false,
      inertia: false });
  }
  var made = 0;

  function text(references) {
    return String(references).replace(/&#(\d+);/g, function (all, number) {
      return String.fromCodePoint(Number(number));
    });
  }

  function plain(words) {
    return text(words).normalize("NFD").replace(/[\u0300-\u036f\u2066-\u2069]/g, "")
      .toLowerCase();
  }

  function element(tag, name, parent) {
    var node = document.createElement(tag);
    if (name) { node.className = name; }
    if (parent) { parent.appendChild(node); }
    return node;
  }

  // ------------------------------------------------------------------ areas

  function node(layer) {
    return layer._path || layer._icon || null;
  }

  function reach(layer, label) {
    var shape = node(layer);
    if (!shape) { return; }
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", label);
    shape.setAttribute("tabindex", layer.ctFirst ? "0" : "-1");
    if (shape.ctBound) { return; }
    shape.ctBound = true;
    shape.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        layer.ctKeyed = true;
        layer.openPopup(layer.getLatLng ? undefined : layer.getBounds().getCenter());
      } else if (event.key.indexOf("Arrow") === 0 || event.key === "Home" || event.key === "End") {
        event.preventDefault();
        event.stopPropagation();
        step(layer, event.key);
      }
    });
  }

  // One tab stop a layer: the arrow keys go from one of its areas or points to the next.
  function step(layer, key) {
    var peers = layer.ctPeers.filter(function (peer) { return node(peer); });
    var at = peers.indexOf(layer);
    var forward = key === "ArrowRight" || key === "ArrowDown";
    var next = key === "Home" ? 0 : key === "End" ? peers.length - 1
      : (at + (forward ? 1 : -1) + peers.length) % peers.length;
    peers.forEach(function (peer) { peer.ctFirst = false; node(peer).setAttribute("tabindex", "-1"); });
    peers[next].ctFirst = true;
    node(peers[next]).setAttribute("tabindex", "0");
    node(peers[next]).focus();
  }

  function peers(group) {
    var list = [];
    (function gather(layer) {
      if (layer.eachLayer) { layer.eachLayer(gather); } else if (layer.ctLabel) { list.push(layer); }
    })(group);
    list.sort(function (a, b) { return a.ctLabel < b.ctLabel ? -1 : a.ctLabel > b.ctLabel ? 1 : 0; });
    list.forEach(function (layer, k) {
      layer.ctPeers = list;
      layer.ctFirst = k === 0;
      layer.on("add", function () { reach(layer, layer.ctLabel); });
      reach(layer, layer.ctLabel);
    });
  }

  function told(feature, layer) {
    layer.ctLabel = text(feature.properties.n);
    layer.bindPopup("<div class='ct-popup'>" + feature.properties.p + "</div>", { maxWidth: 320 });
  }

  function area(feature, layer) {
    told(feature, layer);
    layer.options.className = "ct-area";
    layer.bindTooltip(feature.properties.t || feature.properties.n, { sticky: true });
    var weight = (feature.properties.style || {}).weight || 1;
    layer.on("mouseover", function () { layer.setStyle({ weight: weight + 2 }); });
    layer.on("mouseout", function () { layer.setStyle({ weight: weight }); });
  }

  function point(feature, latlng) {
    var told = feature.properties;
    var side = told.s;
    return L.marker(latlng, {
      keyboard: false,
      riseOnHover: true,
      alt: text(told.n),
      icon: L.divIcon({ className: "ct-point", html: shape(told.m, told.c, side),
        iconSize: [side, side], popupAnchor: [0, -side / 2] })
    });
  }

  function site(feature, layer) {
    told(feature, layer);
    layer.bindTooltip(feature.properties.t || feature.properties.n);
  }

  var OUTLINES = {
    o: "M10 1.5A8.5 8.5 0 1 0 10 18.5A8.5 8.5 0 1 0 10 1.5Z",
    s: "M2 2H18V18H2Z",
    "^": "M10 1L19 18H1Z",
    v: "M10 19L1 2H19Z",
    D: "M10 0.5L19.5 10L10 19.5L0.5 10Z",
    H: "M1 1H19V19H1Z M6 4H8.4V8.8H11.6V4H14V16H11.6V11.2H8.4V16H6Z"
  };

  function shape(marker, colour, side) {
    return "<svg viewBox='0 0 20 20' width='" + side + "' height='" + side +
      "' aria-hidden='true' focusable='false'>" +
      (marker === "H" ? "<path d='M1 1H19V19H1Z' fill='#fff'/>" : "") + "<path d='" + (OUTLINES[marker] || OUTLINES.o) +
      "' fill='" + colour + "' fill-rule='evenodd' stroke='#0b0c0c' stroke-width='1.4'/></svg>";
  }

  // ------------------------------------------------------------------ labels

  // So many names can be read at once; zooming in makes room for others.
  var NAMES = 80;

  function declutter(map) {
    var taken = [];
    var size = map.getSize();
    var corner = L.DomUtil.getPosition(map.getPane("mapPane"));
    map.getContainer().querySelectorAll(".ct-label").forEach(function (label) {
      label.classList.remove("ct-away");
      // Where Leaflet puts it, not where it is seen, which may still be sliding there.
      var at = L.DomUtil.getPosition(label);
      var wide = label.firstElementChild.offsetWidth / 2;
      var high = label.firstElementChild.offsetHeight / 2;
      var box = { left: at.x - wide, right: at.x + wide, top: at.y - high, bottom: at.y + high };
      var seen = at.x + corner.x > 0 && at.x + corner.x < size.x && at.y + corner.y > 0 &&
        at.y + corner.y < size.y;
      var free = seen && taken.length < NAMES && taken.every(function (other) {
        return box.right < other.left || box.left > other.right ||
          box.bottom < other.top || box.top > other.bottom;
      });
      if (free) { taken.push(box); } else { label.classList.add("ct-away"); }
    });
  }

  // ------------------------------------------------------------------ legend

  function swatch(entry) {
    if (entry.m) { return shape(entry.m, entry.c, 16).replace("<svg ", "<svg class='ct-swatch' "); }
    return "<svg class='ct-swatch' width='20' height='14' aria-hidden='true' focusable='false'>" +
      "<rect x='1' y='1' width='18' height='12' fill='" + entry.c + "' stroke='" +
      (entry.l || "#0b0c0c") + "' stroke-width='1.2'" +
      (entry.d ? " stroke-dasharray='" + entry.d + "'" : "") + "/></svg>";
  }

  // What may be folded away, so that it hides none of the map; on a small one it is so at first.
  function fold(box, words, open) {
    var details = element("details", "ct-fold", box);
    element("summary", "", details).textContent = words;
    details.open = open;
    return details;
  }

  function legend(map, sections) {
    var control = L.control({ position: "bottomright" });
    control.onAdd = function () {
      var box = element("div", "ct-box ct-legend leaflet-control");
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", "Legend");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      var inside = fold(box, "Legend", map.getContainer().clientWidth >= 760);
      sections.forEach(function (told) {
        var part = element("section", "", inside);
        element("h2", "", part).textContent = text(told.title);
        if (told.note) { element("p", "", part).textContent = text(told.note); }
        var list = element("ul", "", part);
        told.entries.forEach(function (entry) {
          var item = element("li", "", list);
          item.innerHTML = swatch(entry);
          var name = element("span", "", item);
          name.dir = "auto";
          name.textContent = text(entry.n);
        });
        function follow() { part.hidden = !map.hasLayer(told.layer); tidy(); }
        map.on("layeradd layerremove", function (event) {
          if (event.layer === told.layer) { follow(); }
        });
        follow();
      });
      function tidy() {
        box.style.display = box.querySelector("section:not([hidden])") ? "" : "none";
      }
      tidy();
      return box;
    };
    control.addTo(map);
  }

  function heading(map, words) {
    var control = L.control({ position: "topleft" });
    control.onAdd = function () {
      var box = element("div", "ct-box ct-heading leaflet-control");
      box.textContent = text(words);
      return box;
    };
    control.addTo(map);
  }

  // ------------------------------------------------------------------ search

  function find(layer, id) {
    var found = null;
    (function look(part) {
      if (found) { return; }
      if (part.feature && String(part.feature.id) === id) { found = part; return; }
      if (part.eachLayer) { part.eachLayer(look); }
    })(layer);
    return found;
  }

  function go(map, entry) {
    if (!entry.layer) {
      map.setView([entry.y, entry.x], 13, { animate: !still });
      L.popup().setLatLng([entry.y, entry.x])
        .setContent("<div class='ct-popup'><h3>" + entry.n + "</h3><p>" + (entry.k || "") +
          "</p></div>").openOn(map);
      return;
    }
    if (!map.hasLayer(entry.layer)) { map.addLayer(entry.layer); }
    var found = find(entry.layer, entry.i);
    if (!found) { return; }
    found.ctKeyed = true;
    if (found.getLatLng) {
      map.setView(found.getLatLng(), Math.max(map.getZoom(), 12), { animate: false });
      found.openPopup();
    } else {
      map.fitBounds(found.getBounds(), { animate: false, padding: [30, 30] });
      found.openPopup(found.getBounds().getCenter());
    }
  }

  function search(map, entries) {
    entries.forEach(function (entry) { entry.plain = plain(entry.n + " " + (entry.a || "")); });
    var control = L.control({ position: "topleft" });
    control.onAdd = function () {
      var number = ++made;
      var box = element("div", "ct-box ct-search leaflet-control");
      box.setAttribute("role", "search");
      var label = element("label", "ct-hidden", box);
      var input = element("input", "", box);
      var list = element("ul", "", box);
      var status = element("div", "ct-hidden", box);
      input.type = "text";
      input.id = "ct-search-" + number;
      input.placeholder = "Search areas, practices, places";
      input.dir = "auto";
      input.autocomplete = "off";
      input.spellcheck = false;
      label.htmlFor = input.id;
      label.textContent = "Search areas, practices and places";
      list.id = "ct-found-" + number;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Found");
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", list.id);
      status.setAttribute("role", "status");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      var shown = [];
      var at = -1;

      function close() {
        list.textContent = "";
        shown = [];
        at = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
      }
      function mark(next) {
        at = next;
        Array.prototype.forEach.call(list.children, function (item, k) {
          item.setAttribute("aria-selected", String(k === at));
          if (k === at) { item.scrollIntoView({ block: "nearest" }); }
        });
        input.setAttribute("aria-activedescendant", list.id + "-" + at);
      }
      function choose(entry) {
        input.value = text(entry.n);
        close();
        go(map, entry);
      }
      function look() {
        var wanted = plain(input.value).trim();
        close();
        if (!wanted) { status.textContent = ""; return; }
        var first = entries.filter(function (e) { return e.plain.indexOf(wanted) === 0; });
        var rest = entries.filter(function (e) { return e.plain.indexOf(wanted) > 0; });
        shown = first.concat(rest).slice(0, 12);
        shown.forEach(function (entry, k) {
          var item = element("li", "", list);
          item.id = list.id + "-" + k;
          item.setAttribute("role", "option");
          item.setAttribute("aria-selected", "false");
          element("bdi", "", item).textContent = text(entry.n);
          if (entry.k) { element("small", "", item).textContent = text(entry.k); }
          item.addEventListener("mousedown", function (event) {
            event.preventDefault();
            choose(entry);
          });
        });
        input.setAttribute("aria-expanded", String(shown.length > 0));
        status.textContent = first.length + rest.length ? (first.length + rest.length) + " found"
          : "Nothing found";
      }
      input.addEventListener("input", look);
      input.addEventListener("blur", function () { window.setTimeout(close, 150); });
      input.addEventListener("keydown", function (event) {
        if (event.key === "ArrowDown" && shown.length) {
          event.preventDefault();
          mark((at + 1) % shown.length);
        } else if (event.key === "ArrowUp" && shown.length) {
          event.preventDefault();
          mark((at - 1 + shown.length) % shown.length);
        } else if (event.key === "Enter" && shown.length) {
          event.preventDefault();
          choose(shown[Math.max(at, 0)]);
        } else if (event.key === "Escape") {
          close();
        }
        event.stopPropagation();
      });
      return box;
    };
    control.addTo(map);
  }

  // ------------------------------------------------------------------ catchments

  // A click on a practice shades the neighbourhoods where its patients live.
  function catchments(map, group, zones, lists, classes) {
    var shading = null;
    group.eachLayer(function each(layer) {
      if (layer.eachLayer) { layer.eachLayer(each); return; }
      if (!layer.feature) { return; }
      layer.on("popupopen", function () {
        clear();
        var list = lists[layer.feature.id] || [];
        var share = new Map(list);
        var there = zones.features.filter(function (zone) { return share.has(Number(zone.id)); });
        shading = L.geoJSON({ type: "FeatureCollection", features: there }, {
          interactive: false,
          style: function (zone) {
            var part = share.get(Number(zone.id));
            var chosen = classes.filter(function (step) { return part >= step.from; }).pop();
            return { fillColor: chosen.c, fillOpacity: 0.85, color: "#0b0c0c", weight: 0.6 };
          }
        });
        shading.ctShading = true;
        map.addLayer(shading);
      });
      layer.on("popupclose", clear);
    });
    function clear() {
      if (shading) { map.removeLayer(shading); shading = null; }
    }
  }

  // ------------------------------------------------------------------ the whole map

  function ready(map, told) {
    var box = map.getContainer();
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "map");
    box.setAttribute("aria-label", text(told.label));
    box.querySelectorAll("[aria-haspopup]").forEach(function (part) {
      part.removeAttribute("aria-haspopup");
    });
    box.querySelectorAll("svg:not([role]):not([aria-hidden])").forEach(function (part) {
      part.setAttribute("focusable", "false");
    });
    var toggles = box.querySelector(".leaflet-control-layers-overlays");
    if (toggles) {
      toggles.setAttribute("role", "group");
      toggles.setAttribute("aria-label", "Layers");
      var list = toggles.closest(".leaflet-control-layers-list");
      var folded = fold(list.parentNode, "Layers", box.clientWidth >= 560);
      folded.appendChild(list);
    }
    told.layers.forEach(peers);
    var asked = 0;
    map.on("zoomend moveend resize layeradd layerremove", function () {
      window.cancelAnimationFrame(asked);
      asked = window.requestAnimationFrame(function () { declutter(map); });
    });
    map.on("popupopen", function (event) {
      var frame = event.popup.getElement();
      var source = event.popup._source;
      if (!frame) { return; }
      frame.setAttribute("role", "dialog");
      var title = frame.querySelector("h3");
      frame.setAttribute("aria-label", title ? title.textContent : "About this place");
      var content = frame.querySelector(".leaflet-popup-content");
      content.setAttribute("tabindex", "0");
      if (source && source.ctKeyed) { content.focus(); }
      frame.addEventListener("keydown", function (press) {
        if (press.key === "Escape") { map.closePopup(event.popup); }
      });
    });
    map.on("popupclose", function (event) {
      var source = event.popup._source;
      if (source && source.ctKeyed && node(source)) { node(source).focus(); }
      if (source) { source.ctKeyed = false; }
    });
    // The words below the map open and close.
    if (window.ResizeObserver) {
      new ResizeObserver(function () {
        map.invalidateSize({ animate: false, debounceMoveend: true });
      }).observe(box);
    }
    map.attributionControl.setPrefix(
      "<a href='https://leafletjs.com' title='A JavaScript library for maps'>Leaflet</a>");
    declutter(map);
  }

  window.coterminous = { area: area, point: point, site: site, legend: legend, heading: heading,
    search: search, catchments: catchments, ready: ready, text: text };
})();
