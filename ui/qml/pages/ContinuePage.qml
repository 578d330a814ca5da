pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Scan this with your own phone and go on there: the code, how long it is good, what to do.
PageBase {
    id: root

    readonly property string minutes: Math.floor(root.page.secondsLeft / 60) + ":" + String(root.page.secondsLeft % 60).padStart(2, "0")

    GridLayout {
        anchors.fill: parent
        columnSpacing: 60
        columns: Theme.landscape ? 2 : 1
        rowSpacing: Theme.elder ? 20 : 36
        visible: root.page.qr !== ""

        QrCard {
            id: code

            Layout.alignment: Qt.AlignHCenter | Qt.AlignVCenter
            Layout.fillHeight: true
            Layout.maximumHeight: 700
            Layout.minimumHeight: 320
            Layout.preferredHeight: 700
            Layout.preferredWidth: code.height
            size: code.height
            text: root.page.qr
        }
        GridLayout {
            Layout.alignment: Qt.AlignVCenter
            Layout.fillWidth: true
            columnSpacing: 40
            columns: Theme.landscape ? 1 : 2
            rowSpacing: Theme.elder ? 16 : 32

            CountdownRing {
                Layout.alignment: Qt.AlignHCenter | Qt.AlignVCenter
                objectName: "countdown"
                share: root.page.secondsLeft / Math.max(1, root.page.secondsTotal)
                size: !Theme.elder ? 176 : Theme.landscape ? 156 : 200
                time: root.minutes
                unit: Words.t["pay.validity"]
            }
            PointList {
                Layout.fillWidth: true
                boxed: false
                points: root.page.points
            }
        }
    }
}
