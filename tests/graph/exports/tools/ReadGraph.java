import java.io.File;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.Edge;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.graph.api.Interval;
import org.gephi.graph.api.Node;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.gephi.project.api.Workspace;
import org.openide.util.Lookup;

/**
 * Opens a graph file as Gephi does and prints, a line each: counts, time format, columns with their types, nodes with label,
 * type and start, edge types with their number.
 *
 * <p>java -Djava.awt.headless=true -cp "lib/*" ReadGraph.java FILE
 */
public class ReadGraph {
  public static void main(String[] arguments) throws Exception {
    ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
    projects.newProject();
    Workspace workspace = projects.getCurrentWorkspace();
    ImportController importer = Lookup.getDefault().lookup(ImportController.class);
    Container container = importer.importFile(new File(arguments[0]));
    container.getLoader().setAllowParallelEdge(true);
    importer.process(container, new DefaultProcessor(), workspace);
    System.out.println("report " + container.getReport().getText().replaceAll("\\s+", " ").trim());
    GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel(workspace);
    Graph graph = model.getGraph();
    System.out.println("nodes " + graph.getNodeCount());
    System.out.println("edges " + graph.getEdgeCount());
    System.out.println("directed " + model.isDirected());
    System.out.println("timeformat " + model.getTimeFormat());
    System.out.println("times " + model.getConfiguration().getTimeRepresentation());
    for (Column column : model.getNodeTable()) {
      System.out.println("nodecolumn " + column.getId() + " " + column.getTypeClass().getSimpleName());
    }
    for (Column column : model.getEdgeTable()) {
      System.out.println("edgecolumn " + column.getId() + " " + column.getTypeClass().getSimpleName());
    }
    Column type = null; // GraphML's columns go by an id of the file's own
    for (Column column : model.getNodeTable()) {
      type = column.getTitle().equals("type") ? column : type;
    }
    for (Node node : graph.getNodes()) {
      Interval[] times = node.getIntervals();
      String start = times.length == 0 ? "-" : Instant.ofEpochMilli((long) times[0].getLow()).toString();
      System.out.println(
          String.join("\t", "node", "" + node.getId(), "" + node.getLabel(), "" + node.getAttribute(type), start));
    }
    Map<String, Integer> kinds = new TreeMap<>();
    for (Edge edge : graph.getEdges()) {
      kinds.merge(String.valueOf(edge.getTypeLabel()), 1, Integer::sum);
    }
    kinds.forEach((kind, count) -> System.out.println("kind " + kind + " " + count));
    System.exit(0);
  }
}
