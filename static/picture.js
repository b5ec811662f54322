/* 存为图片: the sheet that the server drew, as a PNG to keep or send. Where that is not possible, the sheet itself. */
(function () {
  "use strict";

  var WIDTH = 1654, HEIGHT = 2339; /* A4 at 200 dots an inch */

  function keep(address, name) {
    var link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
  }

  function drawn(image) {
    var canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    var paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, WIDTH, HEIGHT);
    paper.drawImage(image, 0, 0, WIDTH, HEIGHT);
    return canvas;
  }

  function savePicture(link) {
    var image = new Image();
    function sheetItself() { keep(link.href, link.getAttribute("download")); }
    image.onerror = sheetItself;
    image.onload = function () {
      try {
        drawn(image).toBlob(function (blob) {
          if (!blob) { sheetItself(); return; }
          var address = URL.createObjectURL(blob);
          keep(address, link.getAttribute("data-picture"));
          setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
        }, "image/png");
      } catch (error) { sheetItself(); }
    };
    image.src = link.href;
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[data-picture]") : null;
    if (!link || !HTMLCanvasElement.prototype.toBlob) { return; }
    event.preventDefault();
    savePicture(link);
  });
}());
