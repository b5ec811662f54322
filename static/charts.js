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

  function linesOf(chart) {
    return chart.series.filter(function (series) { return series.form !== "bar"; });
  }

  /* Where a line ends: the last month that has a value. */
  function endOf(series) {
    var last = series.values.length - 1;
    while (last >= 0 && series.values[last] === null) { last -= 1; }
    return last;
  }

  /* Lines are named at their end, beside the chart. A line that ends among others has no room for a name there. */
  function namedAtEnds(chart, width) {
    var lines = linesOf(chart), last = chart.categories.length - 1;
    var amidst = lines.length > 1 && lines.some(function (series) { return endOf(series) < last; });
    return lines.length > 0 && !amidst && width >= 520 && widthOfNames(chart) < width / 4;
  }

  function widthOfNames(chart) {
    var longest = Math.max.apply(null, linesOf(chart).map(function (series) { return series.name.length; }));
    return (longest * 12 + 24) * scale();
  }

  /* How far each name moves down so that none lies upon another; `ends` are where the lines end, in pixels. */
  function apart(ends) {
    var line = 15 * scale(), before = -Infinity, moved = [];
    ends.map(function (y, at) { return [y, at]; }).sort(function (a, b) { return a[0] - b[0]; }).forEach(function (end) {
      before = Math.max(end[0], before + line);
      moved[end[1]] = before - end[0];
    });
    return moved;
  }

  function keepNamesApart(drawn, chart) {
    var lines = linesOf(chart);
    var moves = apart(lines.map(function (series) {
      var end = endOf(series);
      return drawn.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [end, series.values[end]])[1];
    }));
    drawn.setOption({ series: chart.series.map(function (series) {
      var at = lines.indexOf(series);
      return at < 0 ? {} : { endLabel: { offset: [0, moves[at]] } };
    }) });
  }

  function lineSeries(chart, series, narrow, named) {
    var planned = series.form === "plan";
    return {
      type: "line", name: series.name, data: series.values, connectNulls: false, silent: true,
      symbol: planned ? "none" : "circle", symbolSize: 6 * scale(), emphasis: { disabled: true },
      lineStyle: { color: series.colour, width: planned ? 1.5 : 2.2 }, itemStyle: { color: series.colour },
      endLabel: Object.assign({ show: named, formatter: "{a}", distance: 6 }, words(12, planned ? INK : series.colour))
    };
  }

  function option(chart, narrow, named) {
    var legend = chart.series.length > 1 && (narrow || chart.stacked || (linesOf(chart).length > 0 && !named));
    var right = named ? widthOfNames(chart) : 24;
    return {
      animation: false, textStyle: { fontFamily: FAMILY },
      grid: { left: 8, right: right, top: legend ? 56 : 30, bottom: 4, containLabel: true },
      legend: { show: legend, top: 0, left: 0, itemWidth: 14, itemHeight: 10, selectedMode: false, textStyle: words(12, INK) },
      xAxis: chart.sideways ? valueAxis(chart) : categoryAxis(chart),
      yAxis: chart.sideways ? categoryAxis(chart) : valueAxis(chart),
      series: chart.series.map(function (series) {
        return (series.form === "bar" ? barSeries : lineSeries)(chart, series, narrow, named);
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
    function show() {
      var named = namedAtEnds(chart, place.clientWidth);
      drawn.setOption(option(chart, place.clientWidth < 520, named), true);
      if (named) { keepNamesApart(drawn, chart); }
    }
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
