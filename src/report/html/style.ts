/**
 * The style sheet of the HTML report, whole: light and dark, narrow and wide,
 * and on paper. It asks for nothing: no font, no image.
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fbfbf9;--card:#fff;--ink:#1d2125;--muted:#58606a;--line:#dfe2e4;--link:#1f55a5;--focus:#1f55a5;
--proven:#2f7d55;--proven-soft:#dcefe4;--signed:#a9bed6;--signed-line:#7d97b8;--signed-soft:#e4ebf3;--bare:#d9d3c6;--bare-line:#8d8572;--bare-soft:#efece5;
--unknown:#e7c47a;--unknown-line:#8a6110;--unknown-soft:#f8ecd0;--rejected:#b3261e;--rejected-line:#f3c6c2;--rejected-soft:#f9dfdc;--outside:#eceef0;--outside-line:#a4abb3;
--on-proven:#fff;--on-rejected:#fff;--tile-ink:#1d2125}
@media (prefers-color-scheme:dark){:root{--bg:#15181b;--card:#1c2024;--ink:#e7e9eb;--muted:#a3abb4;--line:#30363c;--link:#8ab4f0;--focus:#8ab4f0;
--proven:#3d9468;--proven-soft:#1d3b2c;--signed:#46607f;--signed-line:#7c9bbf;--signed-soft:#263442;--bare:#4a463c;--bare-line:#948b76;--bare-soft:#35332c;
--unknown:#7a5a1c;--unknown-line:#e2b85f;--unknown-soft:#43351a;--rejected:#c2453c;--rejected-line:#f6b9b3;--rejected-soft:#4b2220;--outside:#23282d;--outside-line:#5f6872;
--on-proven:#06130c;--on-rejected:#fff;--tile-ink:#f1f3f4}}
*{box-sizing:border-box}
html{scroll-behavior:auto;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
.page{max-width:1180px;margin:0 auto;padding:1.5rem 1.5rem 4rem}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.vh{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem}
.skip:focus{position:static;display:inline-block;padding:.3rem .6rem}
.top{padding:1rem 0 1.2rem;border-bottom:1px solid var(--line)}
.brand{margin:0;color:var(--muted);font-size:.85rem;letter-spacing:.04em}
h1{margin:.15rem 0 .25rem;font-size:1.75rem;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
.verdict-mark{display:inline-block;margin-right:.15em}
.pass .verdict-mark{color:var(--proven)}
.violated .verdict-mark,.tampered .verdict-mark{color:var(--rejected)}
.incomplete .verdict-mark{color:var(--unknown-line)}
.sub,.quiet,.path,.where{color:var(--muted)}
.sub{margin:0;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.9rem 0 0;padding:0;list-style:none}
h2{margin:2.4rem 0 .8rem;font-size:1.2rem;font-weight:650}
section,footer{overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1rem}
.cards>*{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem}
table{border-collapse:collapse}
caption{text-align:left;color:var(--muted);font-size:.88rem;padding-bottom:.5rem}
th{text-align:left;font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.strong{font-weight:650}
.coverage{width:100%}
.coverage thead th{color:var(--muted);font-size:.82rem;font-weight:500;padding-bottom:.3rem}
.coverage td,.coverage tbody th{padding:.42rem .5rem .42rem 0;font-weight:500}
.coverage td:nth-child(2){width:45%}
.bar{display:block;width:100%;height:14px}
.track{fill:var(--outside)}
.standings{display:flex;gap:1.4rem;align-items:center}
.donut{width:150px;flex:none}
.arc{fill:none;stroke-width:17}
.arc.proven,.arc.rejected{stroke-width:21}
.donut text{text-anchor:middle;fill:var(--ink)}
.donut .total{font-size:21px;font-weight:650}
.donut .unit{font-size:9px;fill:var(--muted)}
.legend{width:100%}
.legend th{font-weight:400}
.legend td,.legend th{padding:.16rem 0}
.f.proven{fill:var(--proven)}.f.signed{fill:var(--signed)}.f.bare{fill:var(--bare)}.f.unknown{fill:var(--unknown)}.f.rejected{fill:var(--rejected)}
.h{fill:none;stroke-width:1}
.h.signed{stroke:var(--signed-line)}.h.unknown{stroke:var(--unknown-line);stroke-opacity:.5}.h.rejected{stroke:var(--rejected-line)}
.h.bare{fill:var(--bare-line);stroke:none;fill-opacity:.7}
.arc.proven{stroke:var(--proven)}.arc.signed{stroke:var(--signed)}.arc.bare{stroke:var(--bare)}.arc.unknown{stroke:var(--unknown-line)}.arc.rejected{stroke:var(--rejected)}.arc.outside{stroke:var(--outside-line)}
.chip{display:inline-flex;width:1.5em;height:1.5em;align-items:center;justify-content:center;border-radius:5px;font-size:.82em;font-weight:700;vertical-align:baseline}
.chip.proven{background:var(--proven-soft)}.chip.signed{background:var(--signed-soft)}.chip.bare{background:var(--bare-soft)}.chip.unknown{background:var(--unknown-soft)}.chip.rejected{background:var(--rejected-soft)}.chip.outside{background:var(--outside)}
.tag{display:inline-block;padding:0 .5em;border-radius:5px;font-size:.82rem;font-weight:650;background:var(--outside)}
.tag.error{background:var(--rejected-soft)}.tag.warning{background:var(--unknown-soft)}
details.group{background:var(--card);border:1px solid var(--line);border-left-width:4px;border-radius:8px;margin:.6rem 0;padding:.1rem 1rem}
details.group.error{border-left-color:var(--rejected)}
details.group.warning{border-left-color:var(--unknown-line)}
summary{cursor:pointer;padding:.5rem 0}
.rule{font-weight:650}
.count{color:var(--muted);font-size:.9rem;margin-left:.3rem}
.remedy{margin:.1rem 0 .6rem}
.remedy strong{font-weight:600;color:var(--muted);margin-right:.4em}
.found{margin:0;padding:0;list-style:none}
.found li{border-top:1px solid var(--line);padding:.55rem 0}
.found p{margin:.1rem 0}
.short li{padding:.3rem 0}
.pkg{font-weight:600}
.where,.path{font-size:.88rem}
.note{color:var(--ink);font-weight:600}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.1rem .9rem;margin:.2rem 0}
dt{color:var(--muted)}
dd{margin:0}
.treebox{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.6rem}
.treemap{display:block;width:100%;height:auto;font:11px system-ui,sans-serif}
.t{fill:var(--outside);stroke:var(--card);stroke-width:.5}
.t.proven{fill:var(--proven)}.t.signed{fill:url(#p-signed)}.t.bare{fill:url(#p-bare)}.t.unknown{fill:url(#p-unknown)}.t.rejected{fill:url(#p-rejected)}
.t.outside{stroke:var(--outside-line);stroke-dasharray:2 2}
.treemap text{fill:var(--tile-ink);stroke:var(--bg);stroke-width:2.5px;stroke-opacity:.75;paint-order:stroke;pointer-events:none}
.treemap text.proven{fill:var(--on-proven);stroke:none;font-weight:500}
.treemap text.rejected{fill:var(--on-rejected);stroke:var(--rejected);stroke-opacity:1;font-weight:600}
.js .t{cursor:pointer}
.t:hover{stroke:var(--ink);stroke-width:1.5}
.t.off,.t.off+text{opacity:.15}
.treekey{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.6rem 0 0;padding:0;list-style:none;font-size:.88rem}
.treekey svg{width:22px;height:14px;vertical-align:-2px;margin-right:.35em}
.treekey rect{stroke:var(--outside-line);stroke-width:.5}
.treekey rect.proven{fill:var(--proven)}.treekey rect.signed{fill:url(#p-signed)}.treekey rect.bare{fill:url(#p-bare)}.treekey rect.unknown{fill:url(#p-unknown)}.treekey rect.rejected{fill:url(#p-rejected)}.treekey rect.outside{fill:var(--outside);stroke-dasharray:2 2}
.checks{columns:15rem;margin:0;padding:0;list-style:none}
h3{margin:1.4rem 0 .5rem;font-size:1rem;font-weight:650}
.history details{margin-top:.4rem}
.chartscroll{overflow-x:auto}
.timeline{display:block;width:100%;min-width:680px;height:auto;font:12px system-ui,sans-serif}
.timeline text{fill:var(--muted)}.lanename{text-anchor:end}.when{text-anchor:middle}
.lane{stroke:var(--outside-line);stroke-width:1}.tick{stroke:var(--line);stroke-width:1}
.m{stroke-width:1.5}
.m.proven{fill:var(--proven);stroke:var(--card)}.m.asked{fill:var(--card);stroke:var(--proven);stroke-dasharray:2.5 2}.m.bare{fill:var(--bare);stroke:var(--bare-line)}
.m.unknown{fill:var(--unknown);stroke:var(--unknown-line)}.m.rejected{fill:none;stroke:var(--rejected);stroke-width:3.5}
.gap{fill:none;stroke:var(--unknown-line);stroke-width:2.5}.pinned{fill:none;stroke:var(--ink);stroke-width:1.5}
svg.mark{width:16px;height:16px;vertical-align:-3px;margin-right:.35em}
.plain{width:100%;min-width:640px;font-size:.92rem}
.plain th,.plain td{padding:.36rem .8rem;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.plain thead th{border-top:0;color:var(--muted);white-space:nowrap}
.plain tbody th{font-weight:550}
.controls{display:flex;flex-wrap:wrap;gap:.7rem 1.2rem;align-items:end;margin-bottom:.6rem}
.controls[hidden]{display:none}
.controls fieldset{border:0;margin:0;padding:0 0 0 3.6rem;position:relative;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem}
.controls legend{padding:0;color:var(--muted);font-size:.85rem;position:absolute;left:0;top:.15rem}
.search{flex:1 1 100%;display:flex;gap:.7rem;align-items:center;color:var(--muted);font-size:.85rem}
input[type=search]{flex:1;max-width:30rem;font:inherit;font-size:.95rem;color:var(--ink);background:var(--card);border:1px solid var(--outside-line);border-radius:7px;padding:.4rem .7rem}
button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--outside-line);border-radius:7px;padding:.25rem .8rem;cursor:pointer}
.scroll{position:relative;overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--card)}
.packages{width:100%;min-width:820px;table-layout:fixed;font-size:.92rem}
.packages th,.packages td{padding:.36rem .8rem;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.packages thead th{border-top:0;color:var(--muted);font-weight:600;white-space:nowrap}
.packages thead th:nth-child(1){width:24%}.packages thead th:nth-child(2){width:10%}.packages thead th:nth-child(3){width:17%}.packages thead th:nth-child(5){width:13%}.packages thead th:nth-child(6){width:11%;text-align:right}
.packages tbody th{font-weight:550}
.packages td:last-child{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.packages td b{padding:0 .5em;border-radius:5px;font-size:.82rem;background:var(--rejected-soft)}
.packages td a,.packages tbody th a{text-decoration:none}
.packages a:hover{text-decoration:underline}
.packages tbody tr{height:2.2rem}
.packages tbody th a,.chain b,.chain a{unicode-bidi:plaintext}
.packages th button{all:unset;cursor:pointer;font-weight:600}
.packages th button:focus-visible{outline:2px solid var(--focus);outline-offset:3px;border-radius:3px}
.packages th button::after{content:" ↕";color:var(--muted);font-weight:400}
th[aria-sort=ascending] button::after{content:" ↑";color:var(--ink)}
th[aria-sort=descending] button::after{content:" ↓";color:var(--ink)}
tr[hidden],.chain[hidden],.lot[hidden]{display:none}
.lot{content-visibility:auto;contain-intrinsic-height:2050px}
.chain{border-bottom:1px solid var(--line)}
.chain b{font-weight:600}
.chain>summary{color:var(--muted);font-size:.95rem}
.chain>summary b{color:var(--ink);margin-right:.4em}
.chain>ol{margin:.1rem 0 1rem;padding:0 0 0 .35rem;list-style:none}
.chain li{position:relative;padding:.28rem 0 .28rem 11.2rem;white-space:pre-line;min-height:2.1em}
.chain li>b{position:absolute;left:1.7rem}
.chain li::before{position:absolute;left:0;width:1rem;text-align:center;font-weight:700}
.chain li.ok::before{content:"✔" / "passed";color:var(--proven)}
.chain li.bad::before{content:"✖" / "failed";color:var(--rejected)}
.chain li.open::before{content:"?" / "undecided";color:var(--unknown-line)}
.chain li.none::before{content:"–" / "";color:var(--muted)}
.chain li::after{content:"";position:absolute;left:.47rem;top:1.9em;bottom:-.2rem;border-left:1px solid var(--outside-line)}
.chain li:last-child::after{display:none}
.chain i{display:inline-block;min-width:6.2rem;font-style:normal;color:var(--muted)}
.chain dl{white-space:normal}
td[class]::before,.chain>summary::before{display:inline-block;width:1.85em;margin-right:.4em;border-radius:5px;font-size:.82em;line-height:1.85;text-align:center;font-weight:700;color:var(--ink)}
:is(td,summary).proven::before{content:"✔" / "";background:var(--proven-soft)}:is(td,summary).signed::before{content:"◐" / "";background:var(--signed-soft)}:is(td,summary).bare::before{content:"○" / "";background:var(--bare-soft)}
:is(td,summary).unknown::before{content:"?" / "";background:var(--unknown-soft)}:is(td,summary).rejected::before{content:"✖" / "";background:var(--rejected-soft)}:is(td,summary).outside::before{content:"–" / "";background:var(--outside)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.9rem}
footer dl{grid-template-columns:9rem minmax(0,1fr)}
.reminder{color:var(--ink);font-weight:550}
@media (max-width:760px){.page{padding:1rem .9rem 3rem}.cards{grid-template-columns:minmax(0,1fr)}h1{font-size:1.35rem}.standings{flex-direction:column;align-items:stretch}.donut{align-self:center}.chain li{padding-left:1.7rem}.chain li>b{position:static;display:block}}
@media (forced-colors:active){.chip,.tag{border:1px solid}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff}
.page{max-width:none;padding:0}nav,.controls,.skip,#shown{display:none}
.scroll,.chartscroll{overflow:visible;border:0}.packages,.plain{min-width:0;font-size:8.5pt}body{font-size:9.5pt}
a{color:inherit;text-decoration:none}
.group,.packages tr,.plain tr,.chain li,.timeline{break-inside:avoid}
details.group::details-content,.chain.found::details-content{content-visibility:visible;display:block;block-size:auto}
.lot{content-visibility:visible}.chain:not([open]):not(.found){display:none}
*{print-color-adjust:exact}}
`;
