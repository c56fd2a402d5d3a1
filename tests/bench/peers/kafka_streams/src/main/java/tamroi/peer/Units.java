package tamroi.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tree of units: schemas/org/org-units.csv. A province's partition is its place in the order of codes. */
final class Units {
  private final TreeMap<Integer, List<Integer>> districts = new TreeMap<>();
  private final List<Integer> provinces;

  Units(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] columns = line.split(",");
      if (columns[0].matches("[0-9]{2}")) districts.computeIfAbsent(Integer.parseInt(columns[0]), code -> new ArrayList<>());
      if (columns[0].matches("[0-9]{4}")) {
        districts.computeIfAbsent(Integer.parseInt(columns[1]), code -> new ArrayList<>()).add(Integer.parseInt(columns[0]));
      }
    }
    provinces = new ArrayList<>(districts.keySet());
  }

  int province(int partition) {
    return provinces.get(partition);
  }

  int partition(int province) {
    return provinces.indexOf(province);
  }

  List<Integer> districts(int province) {
    return districts.get(province);
  }

  List<Integer> withDistricts(int province) {
    List<Integer> all = new ArrayList<>(districts.get(province));
    all.add(province);
    return all;
  }

  Map<Integer, List<Integer>> all() {
    return districts;
  }
}
