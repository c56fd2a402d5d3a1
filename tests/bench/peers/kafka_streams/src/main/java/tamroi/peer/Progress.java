package tamroi.peer;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far the streams are to be folded before it counts as caught up: their ends as they were at the start. */
final class Progress {
  private final Map<Integer, Long> goals;
  private final Set<Integer> open = ConcurrentHashMap.newKeySet();

  Progress(Map<Integer, Long> goals) {
    this.goals = goals;
    goals.forEach((partition, end) -> {
      if (end > 0) open.add(partition);
    });
  }

  /** True once for each stream: the last record that was there at the start has been folded. */
  boolean reached(int partition, long offset) {
    return offset + 1 == goals.getOrDefault(partition, 0L) && open.remove(partition);
  }

  Map<Integer, Long> goals() {
    return goals;
  }
}
