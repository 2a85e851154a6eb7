/**
 * What the HTML report can do beyond reading: filter, search, sort, and lead from
 * the drawing to a package. Text of the page is only read and compared, never
 * made into markup or code; nothing is asked of anybody or kept.
 */
export const SCRIPT = `'use strict';
(function () {
  var byId = function (id) { return document.getElementById(id); };
  var all = function (selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  };
  var table = byId('table');
  var controls = byId('controls');
  if (!table || !controls) return;
  document.documentElement.classList.add('js');
  controls.hidden = false;
  var body = table.tBodies[0];
  var tiles = new Map();
  all('.t').forEach(function (tile) {
    var list = tiles.get(tile.dataset.p) || [];
    list.push(tile);
    tiles.set(tile.dataset.p, list);
  });
  var rows = Array.prototype.map.call(body.rows, function (row, index) {
    var text = Array.prototype.map.call(row.cells, function (cell) {
      return cell.textContent.trim();
    });
    return {
      row: row, index: index, text: text, all: text.join(' ').toLowerCase(),
      standing: row.cells[2].className,
      flags: text[4].split(', ').concat(text[5] ? 'found' : []),
      tiles: tiles.get(String(index)) || [], off: false
    };
  });
  var ranks = all('input[name=standing]').map(function (box) {
    return box.value;
  });

  // Laying out thousands of rows takes longer than reading them: those far down
  // wait until the page is there, or until somebody looks for something.
  var late = [];
  function showLate(count) {
    late.splice(0, count).forEach(function (one) { one.row.hidden = one.off; });
  }
  function showSome() {
    showLate(500);
    if (late.length > 0) setTimeout(showSome, 0);
  }

  function checked(name) {
    return all('input[name=' + name + ']:checked').map(function (box) {
      return box.value;
    });
  }

  // The chains of evidence come last: some may not be there yet.
  function chainOf(one) {
    var steps = byId('p' + one.index);
    return steps && steps.parentElement;
  }
  function hideChain(one) {
    var chain = chainOf(one);
    if (chain) chain.hidden = one.off;
  }
  // What is not laid out yet takes the room that it will need.
  function fitLots() {
    all('.lot').forEach(function (lot) {
      var shown = lot.querySelectorAll('.chain:not([hidden])').length;
      lot.hidden = shown === 0;
      lot.style.containIntrinsicHeight = 41 * shown + 'px';
    });
  }

  function filter() {
    showLate(late.length);
    var words = byId('search').value.toLowerCase().split(/\\s+/);
    var standings = checked('standing');
    var only = checked('only');
    var count = 0;
    rows.forEach(function (one) {
      var isShown = standings.indexOf(one.standing) >= 0 &&
        only.every(function (flag) { return one.flags.indexOf(flag) >= 0; }) &&
        words.every(function (word) { return one.all.indexOf(word) >= 0; });
      if (isShown) count += 1;
      if (one.off === !isShown) return;
      one.off = !isShown;
      one.row.hidden = !isShown;
      hideChain(one);
      one.tiles.forEach(function (tile) {
        tile.classList.toggle('off', !isShown);
      });
    });
    fitLots();
    byId('shown').textContent = count + ' of ' + rows.length + ' packages shown';
  }

  var waiting = 0;
  function filterSoon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(filter);
  }
  controls.addEventListener('input', filterSoon);
  controls.addEventListener('reset', function () { setTimeout(filter, 0); });
  controls.addEventListener('submit', function (event) {
    event.preventDefault();
  });

  var compare = new Intl.Collator('en', { numeric: true }).compare;
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  function sort(column, isDown) {
    showLate(late.length);
    var key = heads[column].dataset.key;
    var sorted = rows.slice().sort(function (a, b) {
      var order = key === 'standing' ? ranks.indexOf(a.standing) - ranks.indexOf(b.standing)
        : key === 'findings'
          ? (parseInt(b.text[column], 10) || 0) - (parseInt(a.text[column], 10) || 0)
          : compare(a.text[column], b.text[column]);
      return (isDown ? -order : order) || a.index - b.index;
    });
    var fragment = document.createDocumentFragment();
    sorted.forEach(function (one) { fragment.appendChild(one.row); });
    body.appendChild(fragment);
    heads.forEach(function (head, index) {
      if (index !== column) head.removeAttribute('aria-sort');
      else head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
    });
  }
  heads.forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      sort(column, head.getAttribute('aria-sort') === 'ascending');
    });
  });

  function open(index) {
    var chain = rows[index] && chainOf(rows[index]);
    if (!chain) return;
    chain.hidden = false;
    chain.parentElement.hidden = false;
    chain.open = true;
    chain.scrollIntoView();
    chain.querySelector('summary').focus();
  }
  document.addEventListener('click', function (event) {
    var tile = event.target.closest && event.target.closest('.t');
    if (tile) open(Number(tile.dataset.p));
  });
  function follow() {
    var found = /^#p(\\d+)$/.exec(location.hash);
    if (found) open(Number(found[1]));
  }
  addEventListener('hashchange', follow);
  addEventListener('beforeprint', function () {
    all('details.group').forEach(function (group) { group.open = true; });
  });
  filter();
  late = rows.slice(300);
  late.forEach(function (one) { one.row.hidden = true; });
  performance.mark('provenance-audit-ready');
  document.addEventListener('DOMContentLoaded', function () {
    rows.forEach(function (one) { if (one.off) hideChain(one); });
    fitLots();
    follow();
    showSome();
  });
})();
`;
