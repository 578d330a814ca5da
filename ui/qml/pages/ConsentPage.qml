import QtQuick
import "../controls"

// What will happen with whose data, for what, and the other way.
PageBase {
    id: root

    PagedColumn {
        anchors.fill: parent

        Block {
            height: points.implicitHeight
            width: parent.width

            PointList {
                id: points

                points: root.page.points
                width: parent.width
            }
        }
        Block {
            gapBefore: 40
            height: root.page.others.length ? others.implicitHeight : 0
            width: parent.width

            OtherWays {
                id: others

                others: root.page.others
                width: parent.width
            }
        }
    }
}
