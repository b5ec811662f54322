/* Draws the charts of a page from the values beside them; the table under each chart says the same in numbers.
   No tooltips: nothing depends on hovering, and their markup would break the page's rule against inline styles. */
(function () {
  "use strict";

  var INK = "#1f2733", SOFT = "#5b6673", RULE = "#e3e6ea";
  var FAMILY = getComputedStyle(document.documentElement).getPropertyValue("--sans");
  var PAPER = { A3: 1480, A4: 700 }; /* pixels between the margins, A3 across */
  var BREADTH = { bar: 34, stacked: 22 };

  function scale() {
    return window.innerWidth >= 1800 ? 1.3 : 1;
  }

  function words(size, colour) {
    return { fontFamily: FAMILY, fontSize: Math.round(size * scale()), color: colour };
  }

  function categoryAxis(chart) {
    return {
      type: "category", data: chart.categories, inverse: chart.sideways,
      axisTick: { show: false }, axisLine: { lineStyle: { color: SOFT } },
      axisLabel: Object.assign({ interval: chart.sideways ? 0 : "auto" }, words(12, INK))
    };
  }

  function valueAxis(chart) {
    return {
      type: "value", scale: !chart.from_zero, name: chart.unit, nameGap: 12,
      nameTextStyle: Object.assign({ align: "left" }, words(12, SOFT)),
      splitLine: { lineStyle: { color: RULE } }, axisLabel: words(12, SOFT)
    };
  }

  function plain(value, places) {
    if (value === null || value === undefined) return "";
    return (places ? value.toFixed(places) : String(Math.round(value * 100) / 100)).replace("-", "−");
  }

  /* As the table beneath has them: two places where one of them is no whole number. */
  function placesOf(values) {
    return values.some(function (value) { return value % 1; }) ? 2 : 0;
  }

  /* A number on each bar where there is room for it; lines are named at their end. */
  function barSeries(chart, series, narrow) {
    var places = placesOf(series.values);
    var label = { show: !chart.stacked && !narrow, position: chart.sideways ? "right" : "top", formatter: function (at) { return plain(at.value, places); } };
    return {
      type: "bar", name: series.name, data: series.values, stack: chart.stacked ? "all" : undefined,
      barMaxWidth: (chart.stacked ? BREADTH.stacked : BREADTH.bar) * scale(),
      itemStyle: { color: series.colour }, label: Object.assign(label, words(11, INK)),
      emphasis: { disabled: true }
    };
  }

  function lineSeries(chart, series, narrow) {
    var planned = series.form === "plan";
    return {
      type: "line", name: series.name, data: series.values, connectNulls: false, silent: true,
      symbol: planned ? "none" : "circle", symbolSize: 6 * scale(), emphasis: { disabled: true },
      lineStyle: { color: series.colour, width: planned ? 1.5 : 2.2 }, itemStyle: { color: series.colour },
      endLabel: Object.assign({ show: !narrow, formatter: "{a}", distance: 6 }, words(12, planned ? INK : series.colour)),
      labelLayout: { moveOverlap: "shiftY" }
    };
  }

  function option(chart, narrow) {
    var lines = chart.series.some(function (series) { return series.form !== "bar"; });
    var named = chart.series.length > 1 && (narrow || chart.stacked);
    var right = lines && !narrow ? 84 * scale() : 24;
    return {
      animation: false, textStyle: { fontFamily: FAMILY },
      grid: { left: 8, right: right, top: named ? 56 : 30, bottom: 4, containLabel: true },
      legend: { show: named, top: 0, left: 0, itemWidth: 14, itemHeight: 10, selectedMode: false, textStyle: words(12, INK) },
      xAxis: chart.sideways ? valueAxis(chart) : categoryAxis(chart),
      yAxis: chart.sideways ? categoryAxis(chart) : valueAxis(chart),
      series: chart.series.map(function (series) {
        return (series.form === "bar" ? barSeries : lineSeries)(chart, series, narrow);
      })
    };
  }

  function heightOf(chart) {
    return chart.sideways ? (64 + chart.categories.length * 34) * scale() : null;
  }

  function draw(place) {
    var chart = JSON.parse(document.getElementById(place.getAttribute("data-chart")).textContent);
    var height = heightOf(chart);
    if (height) { place.style.height = height + "px"; }
    var drawn = window.echarts.init(place, null, { renderer: "svg" });
    function show() { drawn.setOption(option(chart, place.clientWidth < 520), true); }
    show();
    window.addEventListener("resize", function () { drawn.resize({ width: "auto", height: "auto" }); show(); });
    window.addEventListener("beforeprint", function () { drawn.resize(onPaper(place, chart)); show(); });
    window.addEventListener("afterprint", function () { drawn.resize({ width: "auto", height: "auto" }); show(); });
  }

  /* As large as the sheet will hold it, so that its words are printed in the size they are drawn. A record's story
     fills the sheet, whatever stands beside it on the screen. */
  function onPaper(place, chart) {
    var page = document.getElementById("main");
    var wide = page.classList.contains("wide-paper");
    var column = place.closest(".story") || page;
    var width = Math.round(PAPER[wide ? "A3" : "A4"] * place.clientWidth / column.clientWidth);
    return { width: width, height: heightOf(chart) || (wide ? 280 : 126) };
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), draw);
  });
}());
