"""Where do polygons meet? The geometry behind `overlays`, `checking` and fitted layers."""
