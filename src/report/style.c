/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the page looks: one language of colour (Okabe and Ito 2008: stays apart for colour-blind readers),
 * light, dark and on paper. Infected vermilion, attempted amber, patient zero dark red with a ring, untouched
 * grey, safe blue. Every pair of text and ground has a contrast of 4.5 or more (WCAG 2.1, 1.4.3), every mark
 * 3 or more (1.4.11).
 */
#include "report/style.h"

#include <stddef.h>

const char *const eki_report_style[] = {
    ":root{--ground:#fff;--soft:#f4f5f7;--ink:#1b1f24;--quiet:#59616c;--rule:#d4d8de;--infected:#c8460a;--attempted:#a86a00;"
    "--zero:#8f1414;--untouched:#7b838e;--safe:#0b62a8}\n",
    "@media (prefers-color-scheme:dark){:root{--ground:#14171b;--soft:#1d2126;--ink:#e7e9ec;--quiet:#a3abb6;--rule:#383e46;"
    "--infected:#ff8448;--attempted:#edb13c;--zero:#ff5d5d;--untouched:#858e9a;--safe:#6db5f5}}\n",
    "*{box-sizing:border-box}html{color-scheme:light dark}\n",
    "body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI','Hiragino Sans',"
    "'Noto Sans CJK JP','Noto Sans JP','Yu Gothic UI',Meiryo,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}\n",
    "main,header{max-width:1240px;margin:0 auto;padding:0 24px}header{padding-top:28px}\n",
    ".kicker{color:var(--quiet);font-size:14px;margin:0 0 6px}\n",
    "h1{font-size:28px;line-height:1.3;margin:0 0 14px;font-weight:650;text-wrap:pretty;padding-left:16px;border-left:6px solid var(--safe)}\n",
    "h1.spreading{border-color:var(--infected)}h1.scanning{border-color:var(--attempted)}h1 b{color:var(--infected)}\n",
    "h2{font-size:20px;margin:40px 0 10px;padding-top:14px;border-top:1px solid var(--rule)}h3{font-size:16px;margin:26px 0 6px}\n",
    "p{margin:6px 0;max-width:75ch}.note{color:var(--quiet);font-size:14px}\n",
    "ol.now{margin:10px 0;padding:14px 18px 14px 42px;background:var(--soft);border-radius:6px}ol.now li{margin:4px 0;font-size:17px}\n",
    "ol.now li::marker{font-weight:650}\n",
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:10px 24px;margin:14px 0}dt{color:var(--quiet);"
    "font-size:14px}dd{margin:0;font-size:17px;font-weight:600}\n",
    "figure{margin:14px 0 6px}figcaption{font-weight:600;margin-bottom:4px}.chart,.scroll{overflow-x:auto}\n",
    "svg{display:block;width:100%;min-width:680px;height:auto}svg text{font-size:12.5px;fill:var(--ink)}\n",
    "svg .tick{font-size:12px}svg .quiet,svg .tick.quiet{fill:var(--quiet)}svg .middle{text-anchor:middle}svg .end{text-anchor:end}\n",
    "svg .strong{font-weight:650}.grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--quiet);stroke-width:1}\n",
    ".row{stroke:var(--rule);stroke-width:1}.life{stroke:var(--infected);stroke-width:2;opacity:.45}\n",
    "circle.infected{fill:var(--infected);stroke:var(--ground);stroke-width:1.5}circle.zero{fill:var(--zero)}\n",
    "circle.ring{fill:none;stroke:var(--zero);stroke-width:2}.edge{stroke:var(--infected);fill:none}\n",
    ".attempt{stroke:var(--attempted);stroke-width:1.5}.error{stroke:var(--infected);stroke-width:1.5}\n",
    ".step{fill:none;stroke:var(--infected);stroke-width:2.5}.under{fill:var(--infected);opacity:.12}.bar{fill:var(--infected)}\n",
    "rect.onset{fill:var(--safe)}rect.dialog{fill:none;stroke:var(--zero);stroke-width:2}\n",
    ".probe{stroke:var(--untouched);stroke-width:2.4;stroke-linecap:round;fill:none}\n",
    ".probe.hit{stroke:var(--infected);stroke-width:5.5}\n",
    ".reach{fill:none;stroke-width:2;stroke:var(--safe)}.reach.k1{stroke-dasharray:7 3}.reach.k2{stroke-dasharray:2 3}"
    ".reach.k3{stroke-dasharray:9 3 2 3}\n",
    ".arrow{stroke:var(--ink);stroke-width:1.5}.arrow.in{stroke:var(--infected)}.head{fill:var(--ink)}.head.in{fill:var(--infected)}\n",
    "svg text.zero{fill:var(--zero);font-weight:650}.hatch{stroke:var(--quiet);stroke-width:1}\n",
    "details{margin:8px 0 4px}summary{cursor:pointer;color:var(--safe);padding:10px 0;font-size:15px}\n",
    "a:focus-visible,summary:focus-visible,div:focus-visible{outline:2px solid var(--safe);outline-offset:2px}\n",
    "table{border-collapse:collapse;font-size:14px;line-height:1.4;min-width:100%}th,td{padding:6px 14px 6px 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--rule)}\n",
    "th button{font:inherit;color:inherit;background:none;border:0;padding:8px 0;margin:0;cursor:pointer}"
    "th[aria-sort=ascending] button::after{content:' \\25b2'}th[aria-sort=descending] button::after{content:' \\25bc'}\n",
    "th{font-weight:600;color:var(--quiet);white-space:nowrap}.figure{text-align:right;white-space:nowrap}td.figure{"
    "font-variant-numeric:tabular-nums}\n",
    "code{font:13px/1.5 ui-monospace,'SF Mono',Menlo,Consolas,monospace;background:var(--soft);padding:1px 4px;border-radius:3px;"
    "user-select:all}\n",
    "footer{max-width:1240px;margin:40px auto 0;padding:16px 24px 32px;color:var(--quiet);font-size:14px}\n",
    "@media (max-width:600px){main,header,footer{padding-left:16px;padding-right:16px}h1{font-size:22px}summary{padding:12px 0}}\n",
    "@page{size:A4;margin:14mm}\n",
    "@media print{:root{--ground:#fff;--soft:#f4f5f7;--ink:#000;--quiet:#444;--rule:#ccc;--infected:#c8460a;--attempted:#a86a00;"
    "--zero:#8f1414;--untouched:#7b838e;--safe:#0b62a8}html{color-scheme:light}body{font-size:11pt}main,header,footer{padding:0;"
    "max-width:none}svg{min-width:0}figure,tr,h1,ol.now{break-inside:avoid}h2,h3{break-after:avoid}"
    ".chart,.scroll{overflow:visible}table{font-size:9pt}code{white-space:normal}"
    "details:not([open]) summary{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n",
    NULL,
};

const char eki_report_script[] =
    "document.querySelectorAll('th').forEach(function(th){\n"
    "  var button=document.createElement('button');button.type='button';button.textContent=th.textContent;\n"
    "  th.textContent='';th.appendChild(button);\n"
    "  button.addEventListener('click',function(){\n"
    "    var down=th.getAttribute('aria-sort')==='ascending',column=th.cellIndex,body=th.closest('table').tBodies[0];\n"
    "    th.parentNode.querySelectorAll('th').forEach(function(x){x.removeAttribute('aria-sort')});\n"
    "    th.setAttribute('aria-sort',down?'descending':'ascending');\n"
    "    Array.from(body.rows).sort(function(a,b){\n"
    "      var x=a.cells[column].textContent,y=b.cells[column].textContent;\n"
    "      return x.localeCompare(y,undefined,{numeric:true})*(down?-1:1)}).forEach(function(row){body.appendChild(row)})})});\n";
