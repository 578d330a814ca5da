import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// A member of staff has been called.
Overlay {
    id: root

    signal closed

    contentHeight: column.implicitHeight
    name: "staff"

    ColumnLayout {
        id: column

        spacing: 24
        width: parent.width

        Icon {
            Layout.alignment: Qt.AlignHCenter
            color: Theme.success
            name: "staff"
            size: 132
            stroke: 2.2
        }
        Title {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            text: Words.t["staff.called"]
        }
        Txt {
            Layout.bottomMargin: 24
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.body
            horizontalAlignment: Text.AlignHCenter
            text: Words.t["staff.text"]
        }
        Answers {
            Layout.fillWidth: true
            main: Words.t["staff.close"]
            mainName: "staff:close"

            onMainPressed: root.closed()
        }
    }
}
